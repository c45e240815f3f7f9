import type { DescFile } from "@bufbuild/protobuf";
import { elementsOf, nameInFile } from "../schema/elements.ts";
import type { Comments, Locations } from "../schema/locations.ts";

/**
 * Whether a schema is a descendant of ours, from another branch, say: it has our comment on each element that both have.
 * Its comments are ours then, those on new elements and the header too.
 */
export function isDescendant(ours: SchemaComments, theirs: SchemaComments): boolean {
  const names = new Set(elementsOf(theirs.file).map(nameInFile));
  const common = elementsOf(ours.file)
    .map(nameInFile)
    .filter((name) => names.has(name));
  const ourText = common.map((name) => textOf(ours.comments.get(name)));
  return (
    ourText.some((text) => text !== "") &&
    common.every((name, index) => ourText[index] === textOf(theirs.comments.get(name)))
  );
}

export interface SchemaComments {
  readonly file: DescFile;
  readonly comments: Locations["comments"];
}

function textOf(comments: Comments | undefined): string {
  return comments === undefined ? "" : [...comments.detached, comments.text].flat().join("\n").trim();
}
