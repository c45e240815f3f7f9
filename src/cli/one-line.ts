/** A text without line ends and other control characters, which a terminal would obey: they are written as `\x1b`. */
export function oneLine(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
