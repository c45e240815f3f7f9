import { JsonBytes } from "../json-bytes.ts";
import {
  asciiNestedEnd,
  backslash,
  closeBrace,
  closeBracket,
  JsonReadError,
  nestedEnd,
  openBrace,
  openBracket,
  quote,
  stringEnd,
} from "./value-end.ts";

export { JsonReadError } from "./value-end.ts";

/** Whether a character ends a number or a literal: white space, a comma, a colon, a bracket, a quote. */
function endsToken(code: number): boolean {
  return (
    code <= 32 ||
    code === 44 ||
    code === 58 ||
    code === quote ||
    code === openBracket ||
    code === closeBracket ||
    code === openBrace ||
    code === closeBrace
  );
}

/** Of where data ends, in one text, for each may have looked through all of it. Those of a reply like the last are right. */
const mostWrongGuesses = 3;

/**
 * Reads a JSON text from left to right, leaving values as written: JSON.parse would round 64-bit integers and reformat
 * embedded JSON. Whatever it cuts out is handed to JSON.parse, which says whether it is JSON.
 */
export class JsonScanner {
  readonly text: string;
  #at = 0;
  /** The bytes of a text that is all ASCII, so that a character's place is its byte's. */
  readonly #ascii: Uint8Array | undefined;
  readonly #buffer: ArrayBuffer | undefined;
  /** Where the text starts in the buffer. */
  readonly #start: number;
  #guesses = mostWrongGuesses;

  /** `bytes` are the text in UTF-8, where the caller has them: data is then a part of them, and not encoded again. */
  constructor(text: string, bytes?: Uint8Array) {
    this.text = text;
    // No other text has as many bytes as characters.
    const isAscii = bytes?.byteLength === text.length && bytes.buffer instanceof ArrayBuffer;
    this.#ascii = isAscii ? bytes : undefined;
    // Kept, as a view takes its time to tell its buffer.
    this.#buffer = isAscii ? (bytes.buffer as ArrayBuffer) : undefined;
    this.#start = isAscii ? bytes.byteOffset : 0;
  }

  /** The next character that is not white space, as its code; NaN at the end. It is not consumed. */
  peek(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code > 32) return code;
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
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
    if (!this.text.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }

  /** Consumes an integer from 0 to `most`, of up to 15 digits, as most are; stays in place where anything else stands here. */
  takeSmallInteger(most: number): number | undefined {
    const first = this.peek();
    let at = this.#at;
    let value = 0;
    let code = first;
    for (; code >= 48 && code <= 57; code = this.text.charCodeAt(++at)) {
      if (at - this.#at === 15) return undefined;
      value = value * 10 + (code - 48);
    }
    const digits = at - this.#at;
    if (digits === 0 || (first === 48 && digits > 1) || value > most || !endsToken(code)) return undefined;
    this.#at = at;
    return value;
  }

  /** The error for what stands here instead of what was expected. */
  unexpected(expected: string): JsonReadError {
    if (Number.isNaN(this.peek())) return new JsonReadError(`expected ${expected}, but the JSON ends`);
    const start = this.#at;
    let value: string;
    try {
      value = this.raw();
    } catch {
      // Only the message wants the value; one that is broken too is shown as far as it goes.
      value = this.text.slice(start);
    }
    this.#at = start;
    const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    return new JsonReadError(`expected ${expected}, got ${shown} at position ${start}`);
  }

  string(expected = "a string"): string {
    if (this.peek() !== quote) throw this.unexpected(expected);
    const start = this.#at;
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === quote) {
        this.#at = at + 1;
        return this.text.slice(start + 1, at);
      }
      // Escapes, control characters and the end of the text are JSON.parse's business.
      if (code === backslash || code < 32 || Number.isNaN(code)) break;
    }
    // An unpaired \ud800 escape has no UTF-8 form; the server, too, puts U+FFFD there.
    return (this.parsed(this.raw()) as string).toWellFormed();
  }

  /** Consumes a number or literal where `accept` makes a value of it, and stays in place where it gives undefined. */
  attempt<T>(accept: (token: string) => T | undefined): T | undefined {
    this.peek();
    const start = this.#at;
    this.#skipToken();
    const value = accept(this.text.slice(start, this.#at));
    if (value === undefined) this.#at = start;
    return value;
  }

  /** Consumes `null` where it stands here. */
  takeNull(): boolean {
    return this.peek() === 110 && this.attempt((token) => (token === "null" ? true : undefined)) === true;
  }

  /** Any value, as written. Its ends are found by its brackets and quotes alone: see {@link parsed}. */
  raw(): string {
    const first = this.peek();
    const start = this.#at;
    if (first === quote) this.#at = stringEnd(this.text, start);
    else if (first === openBrace || first === openBracket) this.#at = this.#nestedEnd();
    else this.#skipToken();
    if (this.#at === start) {
      throw new JsonReadError(
        Number.isNaN(first) ? "the JSON ends early" : `no JSON value at position ${start}`,
      );
    }
    return this.text.slice(start, this.#at);
  }

  /**
   * Any value, as written, with what it parses to and its bytes.
   *
   * @param following the text that probably follows it
   */
  json(following?: string): JsonBytes {
    const guessed = following === undefined ? undefined : this.#jsonBefore(following);
    if (guessed !== undefined) return guessed;
    const text = this.raw();
    return this.#jsonBytes(text, this.parsed(text));
  }

  /**
   * The value that ends where a text stands next. A look for that text takes less time than one at all brackets and
   * quotes, and JSON.parse, which has to go over the value anyway, tells whether that is its end: it accepts no other.
   */
  #jsonBefore(following: string): JsonBytes | undefined {
    if (this.#guesses === 0) return undefined;
    this.peek();
    const end = this.text.indexOf(following, this.#at);
    // Behind white space, or not there.
    if (end > this.#at && this.text.charCodeAt(end - 1) > 32) {
      const text = this.text.slice(this.#at, end);
      try {
        const value: unknown = JSON.parse(text);
        this.#at = end;
        return this.#jsonBytes(text, value);
      } catch {
        // The text stands inside of the value, or the value is not JSON, which is found out without a guess.
      }
    }
    this.#guesses--;
    return undefined;
  }

  /** @param text what was consumed last */
  #jsonBytes(text: string, value: unknown): JsonBytes {
    return new JsonBytes(text, value, this.#buffer, this.#start + this.#at - text.length);
  }

  /** What a cut-out value parses to. */
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

  #skipToken(): void {
    while (this.#at < this.text.length && !endsToken(this.text.charCodeAt(this.#at))) this.#at++;
  }

  #nestedEnd(): number {
    return this.#ascii === undefined
      ? nestedEnd(this.text, this.#at)
      : asciiNestedEnd(this.#ascii, this.text, this.#at);
  }
}
