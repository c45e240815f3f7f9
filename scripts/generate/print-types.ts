import type { DescField, DescOneof } from "@bufbuild/protobuf";
import type { GeneratedFile } from "@bufbuild/protoplugin";
import { commentOn } from "./comment.ts";
import type { Kind, TypeContext } from "./field-type.ts";
import { memberType, presenceInResult, resultName } from "./field-type.ts";
import type { Shape, Shapes } from "./find-shapes.ts";
import { isItem } from "./find-shapes.ts";

/** Prints an interface for each request, for each result, and for each result with `int64: "bigint"`. */
export function printTypes(file: GeneratedFile, shapes: Shapes, root: string): void {
  const results = [...shapes.results.values()];
  if (results.some(({ members }) => members.some(isItemMember)))
    file.print(`import type { Item } from "${root}src/call/items.ts";`);
  for (const shape of shapes.requests.values()) printShape(file, shapes, shape, "request");
  for (const shape of results) {
    printShape(file, shapes, shape, "number");
    if (shape.hasBigint) printShape(file, shapes, shape, "bigint");
  }
}

const isItemMember = (member: DescField | DescOneof): boolean =>
  member.kind === "oneof"
    ? member.fields.some(isItemMember)
    : member.message !== undefined && isItem(member.message);

function printShape(file: GeneratedFile, shapes: Shapes, shape: Shape, kind: Kind): void {
  const { message, members, hasData } = shape;
  const context: TypeContext = { shapes, kind, enumName: (type) => file.importShape(type) };
  const comment = commentOn(message);
  file.print();
  if (kind === "bigint") file.print(file.jsDoc(`{@link ${shape.name}} with \`int64: "bigint"\`.`));
  else if (comment !== "") file.print(file.jsDoc(comment));
  const name = kind === "request" ? shape.name : resultName(shape, kind);
  file.print(file.export("interface", name), hasData ? "<Data = unknown>" : "", " {");
  // An interface without a member would accept any object.
  if (members.length === 0 && kind === "request") file.print("  readonly [field: string]: undefined;");
  for (const member of members) printMember(file, context, shape, member);
  file.print("}");
}

function printMember(
  file: GeneratedFile,
  context: TypeContext,
  shape: Shape,
  member: DescField | DescOneof,
): void {
  const comment = commentOn(member);
  if (comment !== "") file.print(file.jsDoc(comment, "  "));
  const { localName } = member;
  const type = memberType(context, member);
  if (context.kind === "request") {
    const isRequired = shape.required.includes(localName);
    const [mark, end] = isRequired ? [": ", ";"] : ["?: ", " | undefined;"];
    file.print("  readonly ", localName, mark, ...type, end);
    return;
  }
  const presence = presenceInResult(member);
  const mark = presence === "always" ? ": " : "?: ";
  file.print("  ", localName, mark, ...type, presence === "undefined" ? " | undefined;" : ";");
}
