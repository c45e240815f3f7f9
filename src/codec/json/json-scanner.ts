import { JsonBytes } from "../json-bytes.ts";
import { JsonReadError } from "../path-error.ts";
import { EndGuesser } from "./end-guesser.ts";
import { backslash, endsToken, quote, tokenEnd, valueEnd } from "./value-end.ts";

/** The most messages within another one. protobuf has the same limit over gRPC; tens of times as many fill the stack. */
const mostDepth = 100;

/**
 * Reads a JSON text from left to right, and leaves values as written: JSON.parse would round 64-bit integers and
 * reformat embedded JSON. JSON.parse gets each part that the scanner cuts out, and tells whether the part is JSON.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #ends: EndGuesser;
  /** The buffer of the text's bytes, and the place of the text in it, where a character's place is its byte's. */
  readonly #buffer: ArrayBuffer | undefined;
  readonly #byteOffset: number;
  #at = 0;
  #depth = 0;

  /** `bytes` are the text in UTF-8, where the caller has them: embedded JSON is then a part of them, not a copy. */
  constructor(text: string, bytes?: Uint8Array) {
    this.#text = text;
    this.#ends = new EndGuesser(text);
    // Only a text that is all ASCII has as many bytes as characters.
    const isAscii = bytes?.byteLength === text.length && bytes.buffer instanceof ArrayBuffer;
    this.#buffer = isAscii ? (bytes.buffer as ArrayBuffer) : undefined;
    this.#byteOffset = isAscii ? bytes.byteOffset : 0;
  }

  /** The next character that is not white space, as its code; NaN at the end. It is not consumed. */
  peek(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code > 32 || (code !== 32 && code !== 10 && code !== 13 && code !== 9)) return code;
      this.#at++;
    }
  }

  /** Consumes one character where it is the next one. */
  take(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) throw this.unexpected(`"${character}"`);
  }

  /** Consumes the text `written`, which starts with no white space, where it stands here as it is. */
  takeWritten(written: string): boolean {
    this.peek();
    if (!this.#text.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }

  /** Consumes an integer from 0 to `most` of up to 15 digits, as most are; stays in place before anything else. */
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

  /** Consumes a number or literal of which `accept` makes a value, and stays in place where it gives undefined. */
  takeToken<T>(accept: (token: string) => T | undefined): T | undefined {
    this.peek();
    const end = tokenEnd(this.#text, this.#at);
    const value = accept(this.#text.slice(this.#at, end));
    if (value !== undefined) this.#at = end;
    return value;
  }

  /** Consumes `null` where it stands here. */
  takeNull(): boolean {
    return this.peek() === 110 && this.takeToken((token) => (token === "null" ? true : undefined)) === true;
  }

  /** Counts the messages that are open, as one starts here. */
  enter(): void {
    if (++this.#depth > mostDepth)
      throw new JsonReadError(`more than ${mostDepth} messages within each other at position ${this.#at}`);
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
      // JSON.parse deals with escapes, control characters and the end of the text.
      if (code === backslash || code < 32 || Number.isNaN(code)) break;
    }
    // An unpaired \ud800 escape has no UTF-8 form; the server, too, puts U+FFFD there.
    return (this.parsed(this.raw()) as string).toWellFormed();
  }

  /** Consumes any value, and gives it as written. {@link parsed} tells whether it is JSON. */
  raw(): string {
    const first = this.peek();
    const start = this.#at;
    this.#at = valueEnd(this.#text, start);
    if (this.#at > start) return this.#text.slice(start, this.#at);
    const problem = Number.isNaN(first) ? "the JSON ends early" : `no JSON value at position ${start}`;
    throw new JsonReadError(problem);
  }

  /** Consumes any value, and gives it as written, parsed, and as bytes. `following` is the text that probably follows. */
  json(following?: string): JsonBytes {
    this.peek();
    const start = this.#at;
    const guessed = following === undefined ? undefined : this.#ends.valueBefore(following, start);
    const text = guessed?.text ?? this.raw();
    const value = guessed === undefined ? this.parsed(text) : guessed.value;
    this.#at = start + text.length;
    return new JsonBytes(text, value, this.#buffer, this.#byteOffset + start);
  }

  /** The value of a part that was cut out. */
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

  /** The error for the value here, which is not the expected one. */
  unexpected(expected: string): JsonReadError {
    if (Number.isNaN(this.peek())) return new JsonReadError(`expected ${expected}, but the JSON ends`);
    const start = this.#at;
    let value: string;
    try {
      value = this.raw();
    } catch {
      // A value that has no end is shown as far as it goes.
      value = this.#text.slice(start);
    }
    this.#at = start;
    const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    return new JsonReadError(`expected ${expected}, got ${shown} at position ${start}`);
  }
}
