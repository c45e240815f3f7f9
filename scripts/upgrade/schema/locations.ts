import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";
import type { Element } from "./elements.ts";
import { elementsOf, nameInFile } from "./elements.ts";

/** The comments of one element, without the slashes, a line each. */
export interface Comments {
  /** The text for the element itself; what stood behind or below it comes after what stood above it. */
  readonly text: readonly string[];
  /** Texts above it that an empty line keeps apart from it. */
  readonly detached: readonly (readonly string[])[];
}

/** Where an element is in its file, for putting elements in the file's order. */
export type Position = readonly [line: number, column: number];

/** What the source information of a file tells. The keys are full names without the package. */
export interface Locations {
  readonly comments: ReadonlyMap<string, Comments>;
  readonly positions: ReadonlyMap<string, Position>;
}

/** Keys for what has no name; no name has parentheses. */
export const headerKey = "(header)";
export const packageKey = "(package)";

/** Reads comments and positions. */
export function locationsOf(file: DescFile): Locations {
  const byPath = new Map<string, string>([
    ["12", headerKey],
    ["2", packageKey],
    ...elementsOf(file).map((element) => [pathOf(element, file).join(), nameInFile(element)] as const),
  ]);
  const comments = new Map<string, Comments>();
  const positions = new Map<string, Position>();
  for (const location of file.proto.sourceCodeInfo?.location ?? []) {
    const key = byPath.get(location.path.join());
    const found = commentsOf(location);
    const [line = 0, column = 0] = location.span;
    if (key === undefined) continue;
    positions.set(key, [line, column]);
    if (found !== undefined) comments.set(key, found);
  }
  return { comments, positions };
}

// The numbers are those of the fields in google/protobuf/descriptor.proto.
function pathOf(element: Element, file: DescFile): number[] {
  switch (element.kind) {
    case "service":
      return [6, file.services.indexOf(element)];
    case "rpc":
      return [...pathOf(element.parent, file), 2, element.parent.methods.indexOf(element)];
    case "message":
      return element.parent === undefined
        ? [4, file.proto.messageType.indexOf(element.proto)]
        : [...pathOf(element.parent, file), 3, nestedIndex(element.parent, element)];
    case "field":
      return [...pathOf(element.parent, file), 2, element.parent.proto.field.indexOf(element.proto)];
    case "oneof":
      return [...pathOf(element.parent, file), 8, element.parent.proto.oneofDecl.indexOf(element.proto)];
    case "enum":
      return element.parent === undefined
        ? [5, file.proto.enumType.indexOf(element.proto)]
        : [...pathOf(element.parent, file), 4, element.parent.proto.enumType.indexOf(element.proto)];
    case "enum_value":
      return [...pathOf(element.parent, file), 2, element.parent.proto.value.indexOf(element.proto)];
  }
}

// Among the nested types of the file's own list there are the entries of maps, too.
function nestedIndex(parent: DescMessage, message: DescMessage): number {
  return parent.proto.nestedType.indexOf(message.proto);
}

function commentsOf(location: SourceCodeInfo_Location): Comments | undefined {
  const detached = location.leadingDetachedComments.map(linesOf);
  const [leading, trailing] = [linesOf(location.leadingComments), linesOf(location.trailingComments)];
  const text =
    leading.length > 0 && trailing.length > 0 ? [...leading, "", ...trailing] : [...leading, ...trailing];
  return text.length === 0 && detached.length === 0 ? undefined : { text, detached };
}

function linesOf(comment: string): string[] {
  const lines = comment.split("\n").map((line) => line.replace(/^ /, "").trimEnd());
  const first = lines.findIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== "") + 1);
}
