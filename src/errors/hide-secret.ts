/** A shorter text is no secret, and would be found in every other word. */
const shortestSecret = 6;

/** The character that stands where a text was cut short. */
const cut = "…";

/**
 * Takes a secret out of an error and all that it holds, in place: its texts, causes, headers, and the bytes of its details.
 * No message of ours shows it, but a proxy in front of the server may repeat in its response what it was sent.
 */
export function hideSecret(error: unknown, secret: string): void {
  if (secret.length >= shortestSecret) hidden(error, secret, new Map());
}

/**
 * A value without the secret. Errors are changed in place; of all else a copy takes its place in the error that holds it, for
 * the caller may use the object.
 *
 * @param known values that were seen, with their outcome
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
  // An agent or a socket holds no text of a response that an error would show.
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain && !Array.isArray(value)) return value;
  const entries = heldBy(value).map(([name, held]) => [name, hidden(held, secret, known), held] as const);
  if (entries.every(([, shown, held]) => shown === held)) return value;
  if (Array.isArray(value)) return value.map((held) => hidden(held, secret, known));
  return Object.fromEntries(entries);
}

function hideInError(error: Error, secret: string, known: Map<object, unknown>): void {
  const { message } = error;
  for (const name of Object.getOwnPropertyNames(error)) {
    // V8 makes the text of a stack when it is asked for, which takes longer than all else. It begins with the message.
    if (name === "method" || (name === "stack" && !message.includes(secret.slice(0, shortestSecret))))
      continue;
    const { value } = Object.getOwnPropertyDescriptor(error, name) ?? {};
    const held: unknown = name === "stack" ? error.stack : value;
    const shown = hidden(held, secret, known);
    if (shown !== held) Reflect.set(error, name, shown);
  }
}

/** The values that an object holds. The name of the client's method, a word such as "publish", is not from outside. */
function heldBy(value: object): [string, unknown][] {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value));
  return descriptors.flatMap(([name, held]) => (name === "method" ? [] : [[name, held.value]]));
}

/** Bytes with asterisks in the place of the secret, so that a message that they hold keeps its form. */
function bytesWithout(bytes: Uint8Array, secret: string): Uint8Array {
  // In this encoding each byte is a character.
  const text = new TextDecoder("latin1").decode(bytes);
  let shown = bytes;
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
    // The slice of a Buffer would be the same bytes.
    if (shown === bytes) shown = new Uint8Array(bytes);
    shown.fill(0x2a, at, at + secret.length);
  }
  return shown;
}

function withoutSecret(text: string, secret: string): string {
  // Nearly all texts have nothing of the secret, and a look for each of its beginnings takes long.
  if (!text.includes(secret.slice(0, shortestSecret))) return text;
  let shown = text.replaceAll(secret, "(secret)");
  // The text of a response may have been cut short within the secret.
  for (let length = secret.length - 1; length >= shortestSecret && shown.includes(cut); length--) {
    shown = shown.replaceAll(secret.slice(0, length) + cut, `(secret)${cut}`);
  }
  return shown;
}

/** Keys that are remembered where a function rotates them. Each error of a client is searched for all of them. */
const mostSecrets = 10;

/** The secrets that a client sent lately, to be hidden wherever a response may repeat them. */
export class SentSecrets {
  readonly #secrets = new Set<string>();
  #latest: string | undefined;

  /** @param authorization the value of that header, as in `apikey …` */
  add(authorization: string | undefined): void {
    if (authorization === undefined || authorization === this.#latest) return;
    this.#latest = authorization;
    const secret = secretIn(authorization);
    this.#secrets.delete(secret);
    this.#secrets.add(secret);
    const [oldest] = this.#secrets;
    if (this.#secrets.size > mostSecrets && oldest !== undefined) this.#secrets.delete(oldest);
  }

  /** @param authorization of the error's own request: other requests may have had their keys remembered in its place */
  hideIn(error: unknown, authorization?: string): void {
    for (const secret of this.#secrets) hideSecret(error, secret);
    if (authorization === undefined || authorization === this.#latest) return;
    const own = secretIn(authorization);
    if (!this.#secrets.has(own)) hideSecret(error, own);
  }
}

/** The key or token in an authorization header, behind its scheme. */
export function secretIn(authorization: string): string {
  return authorization.slice(authorization.indexOf(" ") + 1);
}
