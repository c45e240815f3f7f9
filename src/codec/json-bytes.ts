const encoder = new TextEncoder();
/** Node's Buffer takes a fifth of the time for the short texts that data mostly is; not every runtime has it. */
const encode: (text: string) => Uint8Array<ArrayBuffer> =
  typeof Buffer === "undefined" ? (text) => encoder.encode(text) : (text) => Buffer.from(text, "utf8");
const notParsed = Symbol("not parsed");

/**
 * The UTF-8 bytes of a JSON text, which they keep beside them: a bytes field of Centrifugo's API is embedded JSON
 * over HTTP, so the text is written and cut out as it stands, and never encoded, decoded or parsed twice.
 */
export class JsonBytes extends Uint8Array<ArrayBuffer> {
  readonly text: string;
  #value: unknown;

  /**
   * `text` must be valid JSON; `value` is what it parses to, where the caller has parsed it already. Where the caller has
   * the bytes, too, they are in `buffer` from `byteOffset` on; the text must then be ASCII, which is as long as its bytes.
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

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes, none of which may be broken UTF-8. @throws TypeError */
export function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** A JSON text and its value. */
export interface ParsedJson {
  readonly text: string;
  readonly value: unknown;
}

/** The JSON that bytes hold; undefined where they are binary data, which is no mistake. */
export function readJson(bytes: Uint8Array): ParsedJson | undefined {
  try {
    const text = decodeUtf8(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    // Not UTF-8, or not JSON: that is the answer.
    return undefined;
  }
}
