// Expected results that are complete whatever the schema: a newer one adds fields, which a result then has as zeros.
import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { CentrifugoApi } from "#api";
import { methodTable } from "../../src/schema/method-table.ts";

type Plain = Readonly<Record<string, unknown>>;
/** The type of 64-bit integers, as in the option `int64` of a client. */
type Int64 = "number" | "bigint";

const table = methodTable(CentrifugoApi);
const messages = new Map(
  [...nestedTypes(CentrifugoApi.file)].flatMap((type) =>
    type.kind === "message" ? [[type.name, type]] : [],
  ),
);

/**
 * The whole result of a method: `given`, and the zero value of each other field that a result always has.
 * Messages in it are completed too, but for the results in the replies of a batch.
 */
export function resultOf(method: string, given: Plain = {}, int64: Int64 = "number"): Plain {
  const output = table.byName(method)?.rpc.output;
  if (output === undefined) throw new Error(`no method ${method}`);
  return completed(output.field.result?.message ?? output, given, int64);
}

/** A message in a result, such as a Publication or a ClientInfo, completed in the same way. */
export function messageOf(name: string, given: Plain = {}, int64: Int64 = "number"): Plain {
  const schema = messages.get(name);
  if (schema === undefined) throw new Error(`no message ${name}`);
  return completed(schema, given, int64);
}

function completed(schema: DescMessage, given: Plain, int64: Int64): Plain {
  const { error, result } = schema.field;
  // An item of a list is a success or a failure.
  if (error !== undefined && "ok" in given) {
    if (result?.message === undefined || given.ok !== true) return given;
    return { ...given, result: completed(result.message, given.result as Plain, int64) };
  }
  const known = Object.entries(given).map(([name, value]) => {
    const member = schema.members.find(({ localName }) => localName === name);
    return [name, member === undefined ? value : completedField(member, value, int64)];
  });
  const zeros = schema.members.map((member) => [member.localName, zeroOf(member, int64)]);
  return {
    ...Object.fromEntries(zeros.filter(([, zero]) => zero !== undefined)),
    ...Object.fromEntries(known),
  };
}

function completedField(member: DescField | DescOneof, value: unknown, int64: Int64): unknown {
  if (member.kind === "oneof" || member.message === undefined || !isPlain(value)) return value;
  const { message } = member;
  const element = (one: unknown) => (isPlain(one) ? completed(message, one as Plain, int64) : one);
  if (Array.isArray(value)) return value.map(element);
  if (member.fieldKind !== "map") return element(value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, element(one)]));
}

/** Whether a value is an object, and no asymmetric matcher, which stands for all that it matches. */
function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !("asymmetricMatch" in value);
}

/** Undefined where a result may lack the field. */
function zeroOf(member: DescField | DescOneof, int64: Int64): unknown {
  if (member.kind === "oneof") return { case: undefined };
  if (member.fieldKind === "list") return [];
  if (member.fieldKind === "map") return {};
  if (member.fieldKind === "message" || member.proto.proto3Optional) return undefined;
  if (member.fieldKind === "enum") return 0;
  switch (member.scalar) {
    case ScalarType.BYTES:
      return undefined;
    case ScalarType.STRING:
      return "";
    case ScalarType.BOOL:
      return false;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return int64 === "bigint" ? 0n : 0;
    default:
      return 0;
  }
}
