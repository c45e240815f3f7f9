import type { Comments } from "../schema/locations.ts";

/** A comment up to the end of its line, where no string is around the slashes. */
const comment = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/(?!\/)|[^"'/])*\/\/(.*)$/;

/**
 * The lines of comments in a schema that belong to no element: on an option or a reserved number, or at the end of a
 * message. They cannot be carried into another schema.
 */
export function lostComments(text: string, comments: ReadonlyMap<string, Comments>): string[] {
  const kept = new Set(
    [...comments.values()].flatMap(({ text: own, detached }) =>
      [...detached.flat(), ...own].map((line) => line.trim()),
    ),
  );
  return text
    .split("\n")
    .map((line) => comment.exec(line)?.[1]?.trim() ?? "")
    .filter((line) => line !== "" && !kept.has(line));
}
