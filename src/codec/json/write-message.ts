import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { create, isFieldSet } from "../../schema/messages.ts";
import { perDescriptor } from "../../schema/per-descriptor.ts";
import { ScalarType } from "../../schema/scalar-type.ts";
import { JsonBytes, readJson } from "../json-bytes.ts";
import { base64Sibling, fieldsOf } from "../message-fields.ts";
import { isBare } from "../new-message.ts";
import { errorUnder, JsonWriteError, runUnder } from "../path-error.ts";
import { scalarWriter, writeBase64 } from "./scalar-writer.ts";

export interface JsonWriteOptions {
  /** Selects fields to write even if they are zero, as the server does in some results. */
  alwaysPresent?: (field: DescField) => boolean;
  /** Makes the JSON text of a bytes field. By default bytes other than {@link JsonBytes} go to its `b64…` sibling. */
  rawJson?: (bytes: Uint8Array, field: DescField) => string;
}

type WriteValue = (value: unknown, options: JsonWriteOptions) => string;

interface FieldWriter {
  readonly field: DescField;
  readonly write: WriteValue;
}

interface MessageWriter {
  readonly schema: DescMessage;
  readonly all: readonly FieldWriter[];
  /** If all fields are messages: for each field name, a list of only its writer. See {@link fieldWriters}. */
  readonly single: ReadonlyMap<string, readonly FieldWriter[]> | undefined;
}

/**
 * Writes a generated message as Centrifugo's JSON: snake_case names in schema order, no zero values, integers as bare
 * numbers, exact to 64 bits, map keys sorted, bytes fields as embedded JSON.
 *
 * @throws JsonWriteError for bytes that are not JSON in a field without a `b64…` sibling, and for NaN and Infinity
 */
export function writeMessage(schema: DescMessage, message: Message, options: JsonWriteOptions = {}): string {
  return writeFields(messageWriter(schema), message, options);
}

function writeFields(writer: MessageWriter, given: Message, options: JsonWriteOptions): string {
  // An interceptor can put a message of another type here. It is written as an empty message.
  const message = given.$typeName === writer.schema.typeName ? given : create(writer.schema);
  const fields = fieldsOf(message);
  let members = "";
  for (const { field, write } of fieldWriters(writer, fields)) {
    const isWritten =
      isFieldSet(message, field) || (field.fieldKind !== "message" && options.alwaysPresent?.(field));
    if (!isWritten) continue;
    try {
      const member = write(fieldValue(fields, field), options);
      members += members === "" ? member : `,${member}`;
    } catch (error) {
      throw errorUnder(field.localName, error);
    }
  }
  return `{${members}}`;
}

const messageWriter = perDescriptor((schema: DescMessage): MessageWriter => {
  const all = schema.fields.map((field): FieldWriter => ({ field, write: fieldWriter(field) }));
  const single = isBare(schema) ? new Map(all.map((one) => [one.field.localName, [one]])) : undefined;
  return { schema, all, single };
});

/**
 * The writers of the fields that may be set. A command has dozens of fields and sets one: if each field were checked, a
 * batch of 10,000 publishes would take 1.4 times as long.
 */
function fieldWriters(writer: MessageWriter, fields: Record<string, unknown>): readonly FieldWriter[] {
  if (writer.single === undefined) return writer.all;
  let only: readonly FieldWriter[] | undefined;
  for (const name in fields) {
    const found = writer.single.get(name);
    if (found === undefined) continue;
    if (only !== undefined) return writer.all;
    only = found;
  }
  return only ?? writer.all;
}

/** The writer of a field as a JSON member: `"name":value`. */
function fieldWriter(field: DescField): WriteValue {
  const key = `"${field.name}":`;
  const write = valueWriter(field);
  switch (field.fieldKind) {
    case "list":
      return (list, options) => `${key}[${writeElements(list as unknown[], write, options)}]`;
    case "map":
      return (map, options) => `${key}{${writeEntries(map as object, write, options)}}`;
    default: {
      const sibling = base64Sibling(field);
      if (sibling === undefined) return (value, options) => key + write(value, options);
      return (value, options) =>
        options.rawJson === undefined && !(value instanceof JsonBytes)
          ? `"${sibling.name}":"${writeBase64(value)}"`
          : key + write(value, options);
    }
  }
}

function fieldValue(fields: Record<string, unknown>, { oneof, localName, scalar }: DescField): unknown {
  if (oneof !== undefined) return (fields[oneof.localName] as { value?: unknown }).value;
  // An unset `optional` field has no value; `alwaysPresent` may still write it.
  return fields[localName] ?? scalarZeroValue(scalar ?? ScalarType.INT32, false);
}

function writeElements(list: readonly unknown[], write: WriteValue, options: JsonWriteOptions): string {
  let text = "";
  let index = 0;
  try {
    for (; index < list.length; index++) text += (index === 0 ? "" : ",") + write(list[index], options);
  } catch (error) {
    throw errorUnder(`[${index}]`, error);
  }
  return text;
}

function writeEntries(map: object, write: WriteValue, options: JsonWriteOptions): string {
  return Object.entries(map)
    .sort(([left], [right]) => byCodePoint(left, right))
    .map(([key, value]) => `${JSON.stringify(key)}:${runUnder(key, () => write(value, options))}`)
    .join(",");
}

/** Compares strings by their UTF-8 bytes, as the server sorts. `<` would compare UTF-16 units. */
function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    // Surrogates stand for the highest code points, but U+E000 to U+FFFF are higher units.
    const surrogates = Number(a >= 0xd800 && a <= 0xdfff) - Number(b >= 0xd800 && b <= 0xdfff);
    return surrogates === 0 ? a - b : surrogates;
  }
  return left.length - right.length;
}

function valueWriter(field: DescField): WriteValue {
  // An enum has no scalar type. The server writes it as a number.
  const { message, scalar = ScalarType.INT32 } = field;
  if (message !== undefined) {
    // Compiled with the first message, as a type may contain itself.
    let writer: MessageWriter | undefined;
    return (value, options) => {
      writer ??= messageWriter(message);
      return writeFields(writer, value as Message, options);
    };
  }
  if (scalar !== ScalarType.BYTES) return scalarWriter(scalar);
  return (value, options) => {
    const bytes = value as Uint8Array;
    const text = options.rawJson?.(bytes, field) ?? readJson(bytes)?.text;
    if (text === undefined) throw new JsonWriteError("cannot carry binary data as JSON; gRPC can");
    return text;
  };
}
