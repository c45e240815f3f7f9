/** A secret that `JSON.stringify` writes, and that logs hide. */
export class HiddenSecret {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  toJSON(): string {
    return this.#secret;
  }

  toString(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
