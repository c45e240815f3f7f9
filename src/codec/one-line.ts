/** Writes line ends, control characters and marks of text direction as in `\x1b`, so that no terminal obeys them. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** A text from outside for an error message: one line, and `…` in place of the characters beyond `most`. */
export function shortLine(text: string, most = 200): string {
  return oneLine(text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text);
}
