import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { getComments, getPackageComments, getSyntaxComments } from "@bufbuild/protoplugin";

/** An element of a schema that has a name and may have a comment. The header and the package count as such. */
export interface Element {
  readonly kind: "header" | "package" | Exclude<AnyDesc["kind"], "file">;
  /** The full name without the package: `PublishRequest.channel`. */
  readonly name: string;
  readonly isDeprecated: boolean;
  /** The index of its first line. */
  readonly line: number;
  /** Paragraphs of its comment, with slashes. Paragraphs that an empty line separates from the element come first. */
  readonly comments: readonly (readonly string[])[];
  /** Its first line without a brace or semicolon at the end: `string channel = 1`. */
  readonly declaration: string;
}

type Comments = ReturnType<typeof getComments>;
type NestedType = ReturnType<typeof nestedTypes> extends Iterable<infer Type> ? Type : never;

/**
 * All elements of a schema, in the order of its text.
 *
 * @param file its descriptor, with source information
 * @param text its text as `buf format` writes it, with a line for each element
 */
export function elementsOf(file: DescFile, text: string): Element[] {
  const lines = text.split("\n");
  const starts = new Map(file.proto.sourceCodeInfo?.location.map(({ path, span }) => [path.join(), span[0]]));
  const element = (kind: Element["kind"], name: string, comments: Comments, isDeprecated = false) => {
    const line = kind === "header" ? 0 : (starts.get(comments.sourcePath.join()) ?? 0);
    const declaration = (lines[line] ?? "").trim().replace(/\s*(?:\{\}?|[;[])$/, "");
    return { kind, name, isDeprecated, line, comments: paragraphs(comments), declaration };
  };
  const named = [...nestedTypes(file)].flatMap((type) => [type, ...membersOf(type)]);
  return [
    element("header", "(header)", getSyntaxComments(file)),
    element("package", "(package)", getPackageComments(file)),
    ...named.map((desc) =>
      element(desc.kind, nameInFile(desc, file), getComments(desc), "deprecated" in desc && desc.deprecated),
    ),
  ].sort((one, other) => one.line - other.line);
}

function membersOf(type: NestedType) {
  if (type.kind === "message") return [...type.oneofs, ...type.fields];
  if (type.kind === "enum") return type.values;
  return type.kind === "service" ? type.methods : [];
}

function nameInFile(desc: NestedType | ReturnType<typeof membersOf>[number], file: DescFile): string {
  const full = "typeName" in desc ? desc.typeName : `${desc.parent.typeName}.${desc.name}`;
  return full.slice(file.proto.package.length + 1);
}

function paragraphs({ leadingDetached, leading, trailing }: Comments): string[][] {
  const own = [leading, trailing].flatMap((comment) => (comment === undefined ? [] : [withSlashes(comment)]));
  // A trailing comment moves above its element, as a further paragraph.
  const joined = own.flatMap((lines, index) => (index === 0 ? lines : ["//", ...lines]));
  return [...leadingDetached.map(withSlashes), ...(joined.length === 0 ? [] : [joined])];
}

function withSlashes(comment: string): string[] {
  const lines = comment.replace(/\n$/, "").split("\n");
  return lines.map((line) => `//${line}`);
}

/** How the new version of a schema differs from ours, by names. A rename is one removed and one added. */
export interface Difference {
  readonly added: readonly Element[];
  readonly removed: readonly Element[];
  /** Elements that became deprecated. */
  readonly deprecated: readonly Element[];
}

export function compare(ours: readonly Element[], theirs: readonly Element[]): Difference {
  const keyOf = ({ kind, name }: Element) => `${kind} ${name}`;
  const without = (elements: readonly Element[], others: readonly Element[]) => {
    const keys = new Set(others.map(keyOf));
    return elements.filter((element) => !keys.has(keyOf(element)));
  };
  const deprecatedIn = (elements: readonly Element[]) => elements.filter(({ isDeprecated }) => isDeprecated);
  return {
    added: without(theirs, ours),
    removed: without(ours, theirs),
    deprecated: without(deprecatedIn(theirs), deprecatedIn(ours)),
  };
}
