/** Writes line ends and other control characters as in `\x1b`, so that a terminal does not obey them. */
export function oneLine(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
