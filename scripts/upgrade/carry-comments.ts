import type { DescFile } from "@bufbuild/protobuf";
import { FileOptionsSchema } from "@bufbuild/protobuf/wkt";
import type { Element } from "./elements.ts";

export interface CommentedSchema {
  readonly text: string;
  /** Names of new elements, whose comments somebody has to write. */
  readonly toBeWritten: readonly string[];
}

/**
 * Puts our comments into a new schema, by the names of its elements, and takes out the options for other languages.
 *
 * @param bare the new schema without comments, as `buf format` writes it
 * @param file its descriptor, with source information
 */
export function carryComments(
  bare: string,
  file: DescFile,
  ours: readonly Element[],
  theirs: readonly Element[],
): CommentedSchema {
  const lines = bare.split("\n");
  const known = new Map(ours.map((element) => [element.name, element]));
  const above = new Map<number, string[]>();
  const toBeWritten: string[] = [];
  for (const element of theirs) {
    const { name, line } = element;
    const isNew = !known.has(name) && !needsNoComment(element, file);
    if (isNew) toBeWritten.push(name);
    const paragraphs = isNew ? [[`// To be written: \`${name}\`.`]] : (known.get(name)?.comments ?? []);
    const before = lines[line - 1] ?? "";
    // Below a brace, a paragraph of its own would be a comment on the element that the brace opens.
    const gap = before.endsWith("{") ? "//" : "";
    const comment = paragraphs.flatMap((text, index) => (index === 0 ? text : [gap, ...text]));
    if (comment.length > 0) above.set(line, gap === "" && before !== "" ? ["", ...comment] : comment);
  }
  const dropped = linesOfDroppedOptions(file);
  const written = lines.flatMap((line, index) =>
    dropped.has(index) ? [] : [...(above.get(index) ?? []), line],
  );
  return { text: written.join("\n"), toBeWritten };
}

/** Our schemas say nothing about the fields that every method has alike: those of `Reply`, and a response's two. */
function needsNoComment({ kind, name }: Element, { services }: DescFile): boolean {
  if (kind !== "field") return kind === "header" || kind === "package";
  const [, message, field = ""] = /^(.*)\.(.*)$/.exec(name) ?? [];
  const isResponse = services.some(({ methods }) => methods.some(({ output }) => output.name === message));
  return message === "Reply" || (isResponse && ["error", "result"].includes(field));
}

const keptOptions = ["deprecated", "features", "uninterpreted_option"];

/** The options of a file that only generators for other languages look at, such as `go_package`. */
export const droppedOptions = FileOptionsSchema.fields.filter(({ name }) => !keptOptions.includes(name));

function linesOfDroppedOptions({ proto }: DescFile): Set<number> {
  const numbers = new Set(droppedOptions.map(({ number }) => number));
  const dropped = (proto.sourceCodeInfo?.location ?? []).filter(
    ({ path: [field, option = 0] }) => field === 8 && numbers.has(option),
  );
  return new Set(
    dropped.flatMap(({ span: [first = 0, , end = 0, column] }) => {
      // A span has its last line only where that is another one.
      const count = column === undefined ? 1 : end - first + 1;
      return Array.from({ length: count }, (_, index) => first + index);
    }),
  );
}
