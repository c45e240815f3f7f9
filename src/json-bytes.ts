const encoder = new TextEncoder();
const notParsed = Symbol("not parsed");

/**
 * The UTF-8 bytes of a JSON text, which they keep beside them: a bytes field of Centrifugo's API is embedded JSON
 * over HTTP, so the text is written and cut out as it stands, and never encoded, decoded or parsed twice.
 */
export class JsonBytes extends Uint8Array<ArrayBuffer> {
  readonly text: string;
  #value: unknown;

  /** `text` must be valid JSON; `value` is what it parses to, where the caller has parsed it already. */
  constructor(text: string, value: unknown = notParsed) {
    super(encoder.encode(text).buffer);
    this.text = text;
    this.#value = value;
  }

  /** The parsed value. It is shared, not a copy. */
  get value(): unknown {
    if (this.#value === notParsed) this.#value = JSON.parse(this.text);
    return this.#value;
  }

  // slice(), map() and the like give plain bytes: a part of a JSON text is not a JSON text.
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}
