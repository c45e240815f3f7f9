/** The index of the first value at or after `at` that is not a name; 0 for none. */
export function valueAfter(tokens: readonly string[], at: number): number {
  const isStart = (index: number) =>
    !/^[}\],: \t\r\n]/.test(tokens[index] as string) && tokens[index + 1]?.startsWith(":") !== true;
  for (let index = at; index < tokens.length; index++) if (isStart(index)) return index;
  return 0;
}

/** The index after the value that starts at `start`. */
export function valueEnd(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    depth += depthChange(tokens[at]);
    if (depth <= 0) return at + 1;
  }
  return tokens.length;
}

/** The index of an opening bracket at or after `at`, or else of the first one; -1 for none. */
export function bracketAfter(tokens: readonly string[], bracket: string, at: number): number {
  const next = tokens.indexOf(bracket, at);
  return next === -1 ? tokens.indexOf(bracket) : next;
}

/** The members or elements between the bracket at `open` and its end, as texts. */
export function partsWithin(tokens: readonly string[], open: number): string[] {
  const inside = tokens.slice(open + 1, valueEnd(tokens, open) - 1);
  if (inside.length === 0) return [];
  const parts = [""];
  let depth = 0;
  for (const token of inside) {
    depth += depthChange(token);
    if (depth === 0 && token === ",") parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts;
}

function depthChange(token: string | undefined): number {
  if (token === "{" || token === "[") return 1;
  return token === "}" || token === "]" ? -1 : 0;
}
