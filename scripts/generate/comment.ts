import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** The schema's comment on an element, with the client's names of fields: `skipHistory` for `skip_history`. */
export function commentOn(element: Exclude<AnyDesc, DescFile>): string {
  const { leading = "", trailing = "" } = getComments(element);
  const text = [leading, trailing]
    .filter((part) => part.trim() !== "")
    .map((part) => part.trimEnd().replace(/^ /gm, ""))
    .join("\n\n");
  const names = fieldNames("file" in element ? element.file : element.parent.file);
  const renamed = text.replace(/(?<=`)\w+(?=`)/g, (name) => names.get(name) ?? name);
  const isDeprecated = "deprecated" in element && element.deprecated;
  return isDeprecated ? `${renamed}\n\n@deprecated`.trim() : renamed;
}

/** Whether an element's comment says that it is part of Centrifugo PRO only. */
export function requiresPro(element: Exclude<AnyDesc, DescFile>): boolean {
  return commentOn(element).replace(/\s+/g, " ").includes("Requires Centrifugo PRO");
}

const known = new WeakMap<DescFile, Map<string, string>>();

/** The client's names of a file's fields, by their names in the schema. */
function fieldNames(file: DescFile): Map<string, string> {
  let names = known.get(file);
  if (names === undefined) {
    const fields = file.messages.flatMap((message) => message.fields);
    names = new Map(fields.map(({ name, localName }) => [name, localName]));
    known.set(file, names);
  }
  return names;
}
