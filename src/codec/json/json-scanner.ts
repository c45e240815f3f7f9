import { JsonBytes } from "../json-bytes.ts";
import { JsonReadError } from "../path-error.ts";
import { EndGuesser } from "./end-guesser.ts";
import { backslash, endsToken, quote, tokenEnd, valueEnd } from "./value-end.ts";

/** Limit for nested messages, the same as protobuf's over gRPC. Tens of times as many overflow the stack. */
const mostDepth = 100;

/**
 * Reads a JSON text from left to right and cuts values out as written: JSON.parse of the whole would round 64-bit
 * integers and reformat embedded JSON. JSON.parse of each part then checks it.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #ends: EndGuesser;
  /** The bytes of an all-ASCII text, in which byte and character positions are equal; undefined for other texts. */
  readonly #buffer: ArrayBuffer | undefined;
  readonly #byteOffset: number;
  #at = 0;
  #depth = 0;

  /** @param bytes the text in UTF-8, if the caller has it: embedded JSON is then a view into it, not a copy */
  constructor(text: string, bytes?: Uint8Array) {
    this.#text = text;
    this.#ends = new EndGuesser(text);
    // Only an all-ASCII text has as many bytes as characters.
    const isAscii = bytes?.byteLength === text.length && bytes.buffer instanceof ArrayBuffer;
    this.#buffer = isAscii ? (bytes.buffer as ArrayBuffer) : undefined;
    this.#byteOffset = isAscii ? bytes.byteOffset : 0;
  }

  /** Skips white space and gives the code of the next character, without consuming it; NaN at the end. */
  peek(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) return code;
      this.#at++;
    }
  }

  /** Consumes `character` if it is next; false otherwise. */
  take(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) throw this.unexpected(`"${character}"`);
  }

  /** Consumes `written`, which must not start with white space, if it is next; false otherwise. */
  takeWritten(written: string): boolean {
    this.peek();
    if (!this.#text.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }

  /** Consumes an integer from 0 to `most` of up to 15 digits. Most integers are; for others it consumes nothing. */
  takeSmallInteger(most: number): number | undefined {
    const first = this.peek();
    let at = this.#at;
    let value = 0;
    let code = first;
    for (; code >= 48 && code <= 57; code = this.#text.charCodeAt(++at)) {
      if (at - this.#at === 15) return undefined;
      value = value * 10 + (code - 48);
    }
    const digits = at - this.#at;
    if (digits === 0 || (first === 48 && digits > 1) || value > most || !endsToken(code)) return undefined;
    this.#at = at;
    return value;
  }

  /** Consumes a number or literal if `accept` makes a value of it; consumes nothing if `accept` gives undefined. */
  takeToken<T>(accept: (token: string) => T | undefined): T | undefined {
    this.peek();
    const end = tokenEnd(this.#text, this.#at);
    const value = accept(this.#text.slice(this.#at, end));
    if (value !== undefined) this.#at = end;
    return value;
  }

  /** Consumes `null` if it is next; false otherwise. */
  takeNull(): boolean {
    return this.peek() === 110 && this.takeToken((token) => (token === "null" ? true : undefined)) === true;
  }

  /** Counts a message that starts here. @throws JsonReadError if too many are open */
  enter(): void {
    if (++this.#depth > mostDepth)
      throw new JsonReadError(`messages are nested more than ${mostDepth} deep at position ${this.#at}`);
  }

  leave(): void {
    this.#depth--;
  }

  string(expected = "a string"): string {
    if (this.peek() !== quote) throw this.unexpected(expected);
    const start = this.#at;
    for (let at = start + 1; ; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === quote) {
        this.#at = at + 1;
        return this.#text.slice(start + 1, at);
      }
      // JSON.parse below handles escapes, control characters and a missing quote.
      if (code === backslash || code < 32 || Number.isNaN(code)) break;
    }
    // An unpaired \ud800 escape has no UTF-8 form. U+FFFD replaces it, as on the server.
    return (this.parsed(this.raw()) as string).toWellFormed();
  }

  /** Consumes any value, and gives it as written. {@link parsed} checks that it is JSON. */
  raw(): string {
    const first = this.peek();
    const start = this.#at;
    this.#at = valueEnd(this.#text, start);
    if (this.#at > start) return this.#text.slice(start, this.#at);
    const problem = Number.isNaN(first) ? "the JSON ends early" : `no JSON value at position ${start}`;
    throw new JsonReadError(problem);
  }

  /** Consumes any value: gives its text, value and bytes. @param following the text that probably follows it */
  json(following?: string): JsonBytes {
    this.peek();
    const start = this.#at;
    const guessed = following === undefined ? undefined : this.#ends.valueBefore(following, start);
    const text = guessed?.text ?? this.raw();
    const value = guessed === undefined ? this.parsed(text) : guessed.value;
    this.#at = start + text.length;
    return new JsonBytes(text, value, this.#buffer, this.#byteOffset + start);
  }

  /** Parses a part that was cut out. @throws JsonReadError if it is not JSON */
  parsed(raw: string): unknown {
    try {
      return JSON.parse(raw);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new JsonReadError(`not JSON: ${reason}`, { cause });
    }
  }

  end(): void {
    if (!Number.isNaN(this.peek()))
      throw new JsonReadError(`more text after the JSON, at position ${this.#at}`);
  }

  /** The error for the next value, which is not the expected one. Shows at most 40 characters of it. */
  unexpected(expected: string): JsonReadError {
    if (Number.isNaN(this.peek())) return new JsonReadError(`expected ${expected}, but the JSON ends`);
    const start = this.#at;
    let value: string;
    try {
      value = this.raw();
    } catch {
      // The value has no end, so the rest of the text is shown.
      value = this.#text.slice(start);
    }
    this.#at = start;
    const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    return new JsonReadError(`expected ${expected}, got ${shown} at position ${start}`);
  }
}
