import type { DescField, DescOneof } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";
import { isTime } from "../../src/schema/time-field.ts";
import { wrappedValue } from "../../src/schema/wrapped-value.ts";
import { commentOn } from "./comment.ts";
import type { Shape, Shapes } from "./find-shapes.ts";
import { isBigint, isBytes, isItem, isSentData, itemResult, ownsData } from "./find-shapes.ts";

/** The direction of a message, and the type of 64-bit integers in results. */
type Kind = "request" | "number" | "bigint";

/** The type of a 64-bit integer in a request. */
const sentBigint = "number | bigint";

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

/** The name of a result's interface. */
export function resultName(shape: Shape, int64: "number" | "bigint"): string {
  return int64 === "bigint" && shape.hasBigint ? `${shape.name}Bigint` : shape.name;
}

const isItemMember = (member: DescField | DescOneof): boolean =>
  member.kind === "oneof"
    ? member.fields.some(isItemMember)
    : member.message !== undefined && isItem(member.message);

function printShape(file: GeneratedFile, shapes: Shapes, shape: Shape, kind: Kind): void {
  const { message, members, hasData } = shape;
  const comment = commentOn(message);
  file.print();
  if (kind === "bigint") file.print(file.jsDoc(`{@link ${shape.name}} with \`int64: "bigint"\`.`));
  else if (comment !== "") file.print(file.jsDoc(comment));
  const name = kind === "request" ? shape.name : resultName(shape, kind);
  file.print(file.export("interface", name), hasData ? "<Data = unknown>" : "", " {");
  // Without a member, an interface would accept any object.
  if (members.length === 0 && kind === "request") file.print("  readonly [field: string]: undefined;");
  for (const member of members) printMember(file, shapes, shape, member, kind);
  file.print("}");
}

function printMember(
  file: GeneratedFile,
  shapes: Shapes,
  shape: Shape,
  member: DescField | DescOneof,
  kind: Kind,
): void {
  const comment = commentOn(member);
  if (comment !== "") file.print(file.jsDoc(comment, "  "));
  const type =
    member.kind === "oneof" ? oneofType(file, shapes, member, kind) : fieldType(file, shapes, member, kind);
  const { localName } = member;
  if (kind === "request") {
    const isRequired = shape.required.includes(localName);
    file.print(
      "  readonly ",
      localName,
      isRequired ? ": " : "?: ",
      ...type,
      isRequired ? ";" : " | undefined;",
    );
    return;
  }
  file.print("  ", localName, ...presence(member, type), ";");
}

/** Messages and optional fields may be absent from a result, and so may empty bytes; not a publication's `data`. */
function presence(member: DescField | DescOneof, type: Printable[]): Printable[] {
  if (member.kind === "oneof" || member.fieldKind === "list" || member.fieldKind === "map")
    return [": ", ...type];
  if (member.message !== undefined || member.proto.proto3Optional) return ["?: ", ...type, " | undefined"];
  const isAlways = member.localName === "data" && member.parent.name === "Publication";
  return [isBytes(member) && !isAlways ? "?: " : ": ", ...type];
}

function fieldType(file: GeneratedFile, shapes: Shapes, field: DescField, kind: Kind): Printable[] {
  const type = valueType(file, shapes, field, kind);
  const readonly = kind === "request" ? "readonly " : "";
  if (field.fieldKind === "list") {
    return type[0] === sentBigint ? [readonly, `(${sentBigint})[]`] : [readonly, ...type, "[]"];
  }
  if (field.fieldKind === "map")
    return ["{ ", readonly, `[key: ${isIntegerKey(field.mapKey) ? "number" : "string"}]: `, ...type, " }"];
  return type;
}

/** 64-bit keys are strings in JavaScript's objects, as in the code of protoc-gen-es. */
function isIntegerKey(key: ScalarType): boolean {
  return key !== ScalarType.STRING && key !== ScalarType.BOOL && !isBigint(key);
}

function oneofType(file: GeneratedFile, shapes: Shapes, oneof: DescOneof, kind: Kind): Printable[] {
  const readonly = kind === "request" ? "readonly " : "";
  const cases = oneof.fields.flatMap((field): Printable[] => [
    `{ ${readonly}case: "${field.localName}"; ${readonly}value: `,
    ...valueType(file, shapes, field, kind),
    " } | ",
  ]);
  return [...cases, `{ ${readonly}case: undefined; ${readonly}value?: undefined }`];
}

/** The type of one value of a field. */
function valueType(file: GeneratedFile, shapes: Shapes, field: DescField, kind: Kind): Printable[] {
  if (field.enum !== undefined) return [file.importShape(field.enum)];
  const value = field.message === undefined ? field : wrappedValue(field.message);
  if (value !== undefined) return [scalarType(value, kind, shapes)];
  if (field.message === undefined) return ["never"];
  if (kind === "request") return [shapes.requests.get(field.message)?.name ?? "never"];
  const shape = shapes.results.get(itemResult(field.message));
  if (shape === undefined) return ["never"];
  const name = resultName(shape, kind) + (shape.hasData && !ownsData(field.parent) ? "<Data>" : "");
  return [isItem(field.message) ? `Item<${name}>` : name];
}

function scalarType(field: DescField, kind: Kind, { requests, results, takesDates }: Shapes): string {
  switch (field.scalar) {
    case ScalarType.STRING:
      return "string";
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.BYTES:
      if (kind !== "request") return results.get(field.parent)?.hasData === false ? "unknown" : "Data";
      return requests.get(field.parent)?.hasData && isSentData(field) ? "Data" : "unknown";
    default:
      if (!isBigint(field.scalar)) return "number";
      if (kind !== "request") return kind;
      return takesDates && isTime(field) ? `Date | ${sentBigint}` : sentBigint;
  }
}
