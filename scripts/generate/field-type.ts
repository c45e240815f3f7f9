import type { DescEnum, DescField, DescOneof } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { Printable } from "@bufbuild/protoplugin";
import { isTime } from "../../src/schema/time-field.ts";
import { wrappedValue } from "../../src/schema/wrapped-value.ts";
import type { Shape, Shapes } from "./find-shapes.ts";
import { isBigint, isBytes, isItem, isSentData, itemResult, ownsData } from "./find-shapes.ts";

/** The direction of a message, and the type of 64-bit integers in results. */
export type Kind = "request" | "number" | "bigint";

/** The text in which types are printed. */
export interface TypeContext {
  readonly shapes: Shapes;
  readonly kind: Kind;
  /** Prints the name of an enum. */
  readonly enumName: (type: DescEnum) => Printable;
}

/** The type of a 64-bit integer in a request. */
const sentBigint = "number | bigint";

/** The name of a result's interface. */
export function resultName(shape: Shape, int64: "number" | "bigint"): string {
  return int64 === "bigint" && shape.hasBigint ? `${shape.name}Bigint` : shape.name;
}

/** The type of a member of an interface, without `undefined`. */
export function memberType(context: TypeContext, member: DescField | DescOneof): Printable[] {
  return member.kind === "oneof" ? oneofType(context, member) : fieldType(context, member);
}

/** How a result has a member: "undefined" means that it may be absent or undefined. A publication always has its `data`. */
export function presenceInResult(member: DescField | DescOneof): "always" | "absent" | "undefined" {
  if (member.kind === "oneof" || member.fieldKind === "list" || member.fieldKind === "map") return "always";
  if (member.message !== undefined || member.proto.proto3Optional) return "undefined";
  const isAlways = member.localName === "data" && member.parent.name === "Publication";
  return isBytes(member) && !isAlways ? "absent" : "always";
}

function fieldType(context: TypeContext, field: DescField): Printable[] {
  const type = valueType(context, field);
  const readonly = context.kind === "request" ? "readonly " : "";
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

function oneofType(context: TypeContext, oneof: DescOneof): Printable[] {
  const readonly = context.kind === "request" ? "readonly " : "";
  const cases = oneof.fields.flatMap((field): Printable[] => [
    `{ ${readonly}case: "${field.localName}"; ${readonly}value: `,
    ...valueType(context, field),
    " } | ",
  ]);
  return [...cases, `{ ${readonly}case: undefined; ${readonly}value?: undefined }`];
}

/** The type of one value of a field. */
function valueType(context: TypeContext, field: DescField): Printable[] {
  const { shapes, kind, enumName } = context;
  if (field.enum !== undefined) return [enumName(field.enum)];
  const value = field.message === undefined ? field : wrappedValue(field.message);
  if (value !== undefined) return [scalarType(value, context)];
  if (field.message === undefined) return ["never"];
  if (kind === "request") return [shapes.requests.get(field.message)?.name ?? "never"];
  const shape = shapes.results.get(itemResult(field.message));
  if (shape === undefined) return ["never"];
  const name = resultName(shape, kind) + (shape.hasData && !ownsData(field.parent) ? "<Data>" : "");
  return [isItem(field.message) ? `Item<${name}>` : name];
}

function scalarType(field: DescField, { shapes, kind }: TypeContext): string {
  switch (field.scalar) {
    case ScalarType.STRING:
      return "string";
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.BYTES:
      if (kind !== "request") return shapes.results.get(field.parent)?.hasData === false ? "unknown" : "Data";
      return shapes.requests.get(field.parent)?.hasData && isSentData(field) ? "Data" : "unknown";
    default:
      if (!isBigint(field.scalar)) return "number";
      if (kind !== "request") return kind;
      return shapes.takesDates && isTime(field) ? `Date | ${sentBigint}` : sentBigint;
  }
}
