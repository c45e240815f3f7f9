import type { Comments } from "../schema/locations.ts";
import type { Piece } from "./stack.ts";

/**
 * Puts an element's comments above it. Detached ones are kept apart, but for the first element in braces: a comment that
 * follows a brace would belong to what the brace opens.
 */
export function withComments(
  lines: readonly string[],
  comments: Comments | undefined,
  { apart, first }: { apart: boolean; first: boolean },
): Piece {
  const { text = [], detached = [] } = comments ?? {};
  const above = first ? [] : detached.flatMap((part) => [...part.map(commentLine), ""]);
  const own = first ? joinParagraphs([...detached, text]) : text;
  return {
    lines: [...above, ...own.map(commentLine), ...lines],
    commented: above.length + own.length > 0,
    apart,
  };
}

function joinParagraphs(paragraphs: readonly (readonly string[])[]): string[] {
  return paragraphs
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function commentLine(line: string): string {
  return line === "" ? "//" : `// ${line}`;
}
