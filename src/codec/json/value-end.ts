import { JsonReadError } from "../path-error.ts";

export const quote = 34;
export const backslash = 92;
const comma = 44;
const colon = 58;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/**
 * The index behind the value that starts at `start`; `start` itself if no value starts there. Only brackets and quotes
 * are looked at: the caller checks the value with JSON.parse.
 */
export function valueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === quote) return stringEnd(text, start);
  return first === openBrace || first === openBracket ? nestedEnd(text, start) : tokenEnd(text, start);
}

/** The index behind the number or literal that starts at `start`. */
export function tokenEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsToken(text.charCodeAt(at))) at++;
  return at;
}

/** Whether a character ends a number or a literal: white space, comma, colon, bracket or quote. */
export function endsToken(code: number): boolean {
  return (
    code <= 32 ||
    code === comma ||
    code === colon ||
    code === quote ||
    code === openBracket ||
    code === closeBracket ||
    code === openBrace ||
    code === closeBrace
  );
}

function stringEnd(text: string, open: number): number {
  for (let close = open; ; ) {
    close = text.indexOf('"', close + 1);
    if (close === -1) throw new JsonReadError("a string is not closed");
    let slashes = close;
    while (text.charCodeAt(slashes - 1) === backslash) slashes--;
    // An even number of backslashes escape each other, not the quote.
    if ((close - slashes) % 2 === 0) return close + 1;
  }
}

function nestedEnd(text: string, open: number): number {
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
