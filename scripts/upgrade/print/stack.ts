/** A piece of a printed schema. */
export interface Piece {
  readonly lines: readonly string[];
  /** Whether it starts with a comment. */
  readonly commented: boolean;
  /** Whether an empty line keeps it apart from its neighbours, as it does messages and groups of options. */
  readonly apart: boolean;
}

/** Puts pieces below one another, with an empty line above each that has a comment and around those apart. */
export function stack(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece, index) => {
    const previous = pieces[index - 1];
    const gap = previous !== undefined && (piece.commented || piece.apart || previous.apart);
    return gap ? ["", ...piece.lines] : piece.lines;
  });
}

/** Lines in braces, one step further in. */
export function block(head: string, pieces: readonly Piece[]): string[] {
  if (pieces.length === 0) return [`${head} {}`];
  return [`${head} {`, ...stack(pieces).map((line) => (line === "" ? "" : `  ${line}`)), "}"];
}
