import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { isScalarZeroValue } from "@bufbuild/protobuf/reflect";
import { create } from "../schema/messages.ts";
import { perDescriptor } from "../schema/per-descriptor.ts";
import { ScalarType } from "../schema/scalar-type.ts";
import { wrappedValue } from "../schema/wrapped-value.ts";
import type { Int64 } from "./integers.ts";
import { decodeInteger, integerRange } from "./integers.ts";
import { bytesSibling, fieldsOf, setEntry } from "./message-fields.ts";
import { errorUnder, runUnder } from "./path-error.ts";
import type { Payload } from "./payload.ts";

/** The client's options for results. */
export interface ResultOptions {
  readonly payload: Payload;
  readonly int64: Int64;
  /** Gives a decoder for nested messages of a type, or undefined to decode them field by field. */
  readonly item: (schema: DescMessage) => ((message: Message) => unknown) | undefined;
}

type DecodeValue = (value: unknown, options: ResultOptions) => unknown;

interface FieldDecoder {
  readonly localName: string;
  /** Undefined for a field that is in every result. */
  readonly isAbsent: ((value: unknown, fields: object) => boolean) | undefined;
  readonly decode: DecodeValue;
}

/**
 * Makes a plain object of a generated message. Scalars, lists and maps are always present; unset messages and empty
 * bytes are left out. Bytes become the value of their JSON; their `b64…` siblings are left out.
 *
 * @throws PathError for an integer that a number cannot hold
 */
export function decodeMessage(
  schema: DescMessage,
  message: Message,
  options: ResultOptions,
): Record<string, unknown> {
  return decodeFields(fieldDecoders(schema), message, options);
}

function decodeFields(
  decoders: readonly FieldDecoder[],
  message: Message,
  options: ResultOptions,
): Record<string, unknown> {
  const fields = fieldsOf(message);
  const result: Record<string, unknown> = {};
  for (const { localName, isAbsent, decode } of decoders) {
    try {
      const value = fields[localName];
      if (!isAbsent?.(value, fields)) result[localName] = decode(value, options);
    } catch (error) {
      throw errorUnder(localName, error);
    }
  }
  return result;
}

const fieldDecoders = perDescriptor((schema: DescMessage) =>
  schema.members.flatMap((member): FieldDecoder | [] => {
    const { localName } = member;
    if (member.kind === "oneof")
      return { localName, isAbsent: undefined, decode: oneofDecoder(member.fields) };
    if (bytesSibling(member) !== undefined) return [];
    return { localName, isAbsent: absenceOf(member), decode: fieldDecoder(member) };
  }),
);

/** Empty bytes count as absent, except in an `optional` field, which an empty message lacks: there presence counts. */
function absenceOf({ fieldKind, scalar, parent, localName }: DescField): FieldDecoder["isAbsent"] {
  if (fieldKind === "list" || fieldKind === "map") return undefined;
  if (scalar !== ScalarType.BYTES) return (value) => value === undefined;
  return Object.hasOwn(create(parent), localName)
    ? (value) => value === undefined || isScalarZeroValue(ScalarType.BYTES, value)
    : (_value, fields) => !Object.hasOwn(fields, localName);
}

function fieldDecoder(field: DescField): DecodeValue {
  const { message: schema } = field;
  const decode = valueDecoder(field);
  // All messages of a list or map share a decoder, so it is looked up once.
  const elementDecoder = (options: ResultOptions) =>
    schema === undefined ? decode : messageDecoder(schema, options);
  switch (field.fieldKind) {
    case "list":
      return (list, options) => decodeList(list as readonly unknown[], elementDecoder(options), options);
    case "map":
      return (map, options) => decodeMap(map as Record<string, unknown>, elementDecoder(options), options);
    default:
      return decode;
  }
}

function decodeList(list: readonly unknown[], decode: DecodeValue, options: ResultOptions): unknown[] {
  return list.map((value, index) => {
    try {
      return decode(value, options);
    } catch (error) {
      throw errorUnder(`[${index}]`, error);
    }
  });
}

function decodeMap(entries: Record<string, unknown>, decode: DecodeValue, options: ResultOptions): object {
  const map: Record<string, unknown> = {};
  for (const key of Object.keys(entries)) {
    try {
      setEntry(map, key, decode(entries[key], options));
    } catch (error) {
      throw errorUnder(key, error);
    }
  }
  return map;
}

function oneofDecoder(choices: readonly DescField[]): DecodeValue {
  const decoders = new Map(choices.map((field) => [field.localName, valueDecoder(field)]));
  return (oneof, options) => {
    const { case: name = "", value } = oneof as { case?: string; value?: unknown };
    const decode = decoders.get(name);
    // An unset oneof has no case, as in the generated messages.
    if (decode === undefined) return { case: undefined };
    return { case: name, value: runUnder(name, () => decode(value, options)) };
  };
}

function messageDecoder(schema: DescMessage, options: ResultOptions): DecodeValue {
  const wrapped = wrappedValue(schema);
  if (wrapped !== undefined)
    return (message) => valueDecoder(wrapped)(fieldsOf(message as Message).value, options);
  const decodeItem = options.item(schema);
  if (decodeItem !== undefined) return (message) => decodeItem(message as Message);
  const decoders = fieldDecoders(schema);
  return (message) => decodeFields(decoders, message as Message, options);
}

function valueDecoder({ message: schema, scalar = ScalarType.INT32 }: DescField): DecodeValue {
  if (schema !== undefined) return (value, options) => messageDecoder(schema, options)(value, options);
  if (scalar === ScalarType.BYTES) return (value, { payload }) => payload.decode(value as Uint8Array);
  if (integerRange(scalar)?.bits === 64) return (value, { int64 }) => decodeInteger(value as bigint, int64);
  return (value) => value;
}
