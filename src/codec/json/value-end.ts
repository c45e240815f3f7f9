import { PathError } from "../path-error.ts";

/** A JSON text, or a value in it, that is not what was expected. */
export class JsonReadError extends PathError {
  override readonly name = "JsonReadError";
}

export const quote = 34;
export const backslash = 92;
export const openBracket = 91;
export const closeBracket = 93;
export const openBrace = 123;
export const closeBrace = 125;

/** Where the text goes on behind a string, of which the character at `from` is the opening quote or lies inside. */
export function stringEnd(text: string, from: number): number {
  for (let close = from; ; ) {
    close = text.indexOf('"', close + 1);
    if (close === -1) throw new JsonReadError("a string is not closed");
    let slashes = close;
    while (text.charCodeAt(slashes - 1) === backslash) slashes--;
    if ((close - slashes) % 2 === 0) return close + 1;
  }
}

/** Where the text goes on behind the object or array that opens at `open`, by its brackets and quotes alone. */
export function nestedEnd(text: string, open: number): number {
  for (let at = open, depth = 0; ; ) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at);
      continue;
    }
    at++;
    if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at;
    else if (Number.isNaN(code)) throw new JsonReadError("the JSON ends early");
  }
}

/** Where indexOf starts to be faster than a look at each byte. */
const shortString = 16;

/** The same by the bytes of a text that is all ASCII, in half of the time where most strings are short, as names are. */
export function asciiNestedEnd(bytes: Uint8Array, text: string, open: number): number {
  const { length } = bytes;
  for (let at = open, depth = 0; at < length; ) {
    const code = bytes[at++] as number;
    if (code === quote) {
      const near = Math.min(at + shortString, length);
      while (at < near && bytes[at] !== quote && bytes[at] !== backslash) at++;
      at = bytes[at] === quote ? at + 1 : stringEnd(text, at);
    } else if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at;
  }
  throw new JsonReadError("the JSON ends early");
}
