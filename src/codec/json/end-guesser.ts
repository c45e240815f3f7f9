import type { ParsedJson } from "../json-bytes.ts";

/** A wrong guess may go over all the rest of the text: without a limit to them, reading could take quadratic time. */
const mostWrongGuesses = 3;

/**
 * Guesses that embedded JSON ends where the member stands next that followed it in the last object: most objects of a
 * reply have the same members in the same order. JSON.parse, which reads the value anyway, proves the guess, because it
 * accepts no other end. A history of 10,000 objects takes 1.9 times as long as JSON.parse with these guesses and 2.1
 * times without; one of nested data takes 1.4 and 1.5 times as long.
 */
export class EndGuesser {
  readonly #text: string;
  #left = mostWrongGuesses;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value between `start` and the next `following`; undefined where the guess is wrong, or none is left. */
  valueBefore(following: string, start: number): ParsedJson | undefined {
    if (this.#left === 0) return undefined;
    const end = this.#text.indexOf(following, start);
    // White space before the end is not a part of the value.
    if (end > start && this.#text.charCodeAt(end - 1) > 32) {
      const text = this.#text.slice(start, end);
      try {
        return { text, value: JSON.parse(text) };
      } catch {
        // The text stands inside of the value, or behind it, or the value is not JSON. A reading without a guess tells.
      }
    }
    this.#left--;
    return undefined;
  }
}
