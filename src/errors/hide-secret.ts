import { ConnectError } from "../limits/connect-error.ts";

/** A shorter secret is not hidden: it would match parts of ordinary words. */
const shortestSecret = 6;

/** Marks the end of a text that was cut short. */
const cut = "…";

/**
 * Removes a secret from an error in place: from its texts, causes, headers, and the bytes of its details. Our messages
 * do not show it, but the response of a proxy may repeat the request.
 */
export function hideSecret(error: unknown, secret: string): void {
  if (secret.length >= shortestSecret) hidden(error, secret, new Map());
}

/**
 * A value without the secret. Errors are changed in place; other objects with the secret are copied, as the caller may
 * use them.
 *
 * @param known values seen before, with their results
 */
function hidden(value: unknown, secret: string, known: Map<object, unknown>): unknown {
  if (typeof value === "string") return withoutSecret(value, secret);
  if (typeof value !== "object" || value === null) return value;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  const shown = copyWithout(value, secret, known);
  known.set(value, shown);
  return shown;
}

function copyWithout(value: object, secret: string, known: Map<object, unknown>): unknown {
  if (value instanceof Headers) {
    const entries = [...value];
    if (!entries.some(([, text]) => withoutSecret(text, secret) !== text)) return value;
    return new Headers(entries.map(([name, text]) => [name, withoutSecret(text, secret)]));
  }
  if (value instanceof Uint8Array) return bytesWithout(value, secret);
  if (value instanceof Error) {
    hideInError(value, secret, known);
    return value;
  }
  // Class instances, such as an agent or a socket, hold no response text that an error shows.
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain && !Array.isArray(value)) return value;
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value));
  const entries = descriptors.map(([name, { value: held }]) => {
    // `method` is the name of the client's method, as in "publish": it comes from this package.
    return [name, name === "method" ? held : hidden(held, secret, known), held] as const;
  });
  if (entries.every(([, shown, held]) => shown === held)) return value;
  if (Array.isArray(value)) return value.map((held) => hidden(held, secret, known));
  return Object.fromEntries(entries);
}

function hideInError(error: Error, secret: string, known: Map<object, unknown>): void {
  const { message } = error;
  for (const name of Object.getOwnPropertyNames(error)) {
    // Reading `stack` is slow: V8 formats it then. The stack begins with the message, so the message is checked first.
    if (name === "method" || (name === "stack" && !message.includes(secret.slice(0, shortestSecret))))
      continue;
    const { value } = Object.getOwnPropertyDescriptor(error, name) ?? {};
    const isMade = name === "stack" || (name === "metadata" && error instanceof ConnectError);
    const held: unknown = isMade ? Reflect.get(error, name) : value;
    const shown = hidden(held, secret, known);
    if (shown !== held) Reflect.set(error, name, shown);
  }
}

/** Bytes with asterisks in place of the secret. The length stays, so that an encoded message stays readable. */
function bytesWithout(bytes: Uint8Array, secret: string): Uint8Array {
  // In latin1 each byte is one character.
  const text = new TextDecoder("latin1").decode(bytes);
  let shown = bytes;
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
    // `slice` of a Buffer would share its memory.
    if (shown === bytes) shown = new Uint8Array(bytes);
    shown.fill(0x2a, at, at + secret.length);
  }
  return shown;
}

function withoutSecret(text: string, secret: string): string {
  // Nearly all texts stop here; the search for each prefix of the secret below is slow.
  if (!text.includes(secret.slice(0, shortestSecret))) return text;
  let shown = text.replaceAll(secret, "(secret)");
  // A text that was cut short may end inside the secret.
  for (let length = secret.length - 1; length >= shortestSecret && shown.includes(cut); length--) {
    shown = shown.replaceAll(secret.slice(0, length) + cut, `(secret)${cut}`);
  }
  return shown;
}

/** Keys to remember if a function rotates them. Each error is searched for all of them. */
const mostSecrets = 10;

/** The secrets that a client sent last. Responses may repeat them, so errors must hide them. */
export class SentSecrets {
  readonly #secrets = new Set<string>();
  #latest: string | undefined;

  /** @param authorization the header's value: `apikey …` */
  add(authorization: string | undefined): void {
    if (authorization === undefined || authorization === this.#latest) return;
    this.#latest = authorization;
    const secret = secretIn(authorization);
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > mostSecrets && oldest !== undefined) this.#secrets.delete(oldest);
  }

  /** @param authorization of the failed request: later keys may have pushed it out of the remembered ones */
  hideIn(error: unknown, authorization?: string): void {
    for (const secret of this.#secrets) hideSecret(error, secret);
    if (authorization === undefined || authorization === this.#latest) return;
    const own = secretIn(authorization);
    if (!this.#secrets.has(own)) hideSecret(error, own);
  }
}

/** The key or token in an authorization header, without the scheme. */
export function secretIn(authorization: string): string {
  return authorization.slice(authorization.indexOf(" ") + 1);
}
