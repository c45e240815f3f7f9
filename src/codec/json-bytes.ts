const encoder = new TextEncoder();
/** Node's Buffer takes a fifth of the time for short texts, as most data is, but some runtimes lack it. */
const encode: (text: string) => Uint8Array<ArrayBuffer> =
  typeof Buffer === "undefined" ? (text) => encoder.encode(text) : (text) => Buffer.from(text, "utf8");
const notParsed = Symbol("not parsed");

/**
 * The UTF-8 bytes of a JSON text, with the text. A bytes field of Centrifugo's API is embedded JSON over HTTP, so the
 * text is written and cut out as it stands, and is never encoded, decoded or parsed twice.
 */
export class JsonBytes extends Uint8Array<ArrayBuffer> {
  readonly text: string;
  #value: unknown;

  /**
   * `text` must be valid JSON. `value` is its parsed value, where the caller has it. `buffer` has the bytes of the text
   * from `byteOffset` on, where the caller has them; the text must then be ASCII, so that it is as long as its bytes.
   */
  constructor(text: string, value: unknown = notParsed, buffer?: ArrayBuffer, byteOffset = 0) {
    if (buffer === undefined) {
      const encoded = encode(text);
      super(encoded.buffer, encoded.byteOffset, encoded.byteLength);
    } else {
      super(buffer, byteOffset, text.length);
    }
    this.text = text;
    this.#value = value;
  }

  /** The parsed value, which is shared and not copied. */
  get value(): unknown {
    if (this.#value === notParsed) this.#value = JSON.parse(this.text);
    return this.#value;
  }

  // A part of a JSON text is no JSON text, so slice(), map() and the like give plain bytes.
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes in UTF-8. @throws TypeError where they are no UTF-8 */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** A JSON text and its value. */
export type ParsedJson = Pick<JsonBytes, "text" | "value">;

/** The JSON that bytes hold; undefined where they are binary data, which is no mistake. */
export function readJson(bytes: Uint8Array): ParsedJson | undefined {
  if (bytes instanceof JsonBytes) return bytes;
  try {
    const text = decodeUtf8(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    // The bytes are not UTF-8, or not JSON, which is the answer.
    return undefined;
  }
}
