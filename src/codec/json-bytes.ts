const encoder = new TextEncoder();
/** For short texts, as most data is, Node's Buffer takes a fifth of TextEncoder's time. Some runtimes lack Buffer. */
const encode: (text: string) => Uint8Array<ArrayBuffer> =
  typeof Buffer === "undefined" ? (text) => encoder.encode(text) : (text) => Buffer.from(text, "utf8");
const notParsed = Symbol("not parsed");

/**
 * The UTF-8 bytes of a JSON text, together with the text. Over HTTP a bytes field of Centrifugo's API is embedded JSON:
 * the text is copied into requests and out of replies, and never encoded, decoded or parsed twice.
 */
export class JsonBytes extends Uint8Array<ArrayBuffer> {
  readonly text: string;
  #value: unknown;

  /**
   * @param text valid JSON; ASCII if `buffer` is given, so that it has as many bytes as characters
   * @param value the parsed text, if the caller has it
   * @param buffer holds the bytes of the text from `byteOffset` on, if the caller has them
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

  /** The parsed value. Each read gives the same object. */
  get value(): unknown {
    if (this.#value === notParsed) this.#value = JSON.parse(this.text);
    return this.#value;
  }

  // Makes slice(), map() and the like give plain bytes: a part of a JSON text is not JSON.
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws TypeError for bytes that are not UTF-8 */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** A JSON text and its value. */
export type ParsedJson = Pick<JsonBytes, "text" | "value">;

/** The JSON text and value in bytes; undefined for binary data. */
export function readJson(bytes: Uint8Array): ParsedJson | undefined {
  if (bytes instanceof JsonBytes) return bytes;
  try {
    const text = decodeUtf8(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    // The bytes are not UTF-8 or not JSON, so they are binary data.
    return undefined;
  }
}
