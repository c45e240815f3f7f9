import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { JsonBytes, readJson } from "../json-bytes.ts";
import { base64Sibling, fieldsOf } from "../message-fields.ts";
import { isBare } from "../new-message.ts";
import { passing, within } from "../path-error.ts";
import { setCheck } from "../set-check.ts";
import { base64 } from "./base64.ts";
import { JsonWriteError } from "./json-errors.ts";

export { JsonWriteError } from "./json-errors.ts";

export interface JsonWriteOptions {
  /** Fields to write with their zero value, too, as the server does in some results. */
  alwaysPresent?: (field: DescField) => boolean;
  /** The JSON text of a bytes field. By default other bytes than {@link JsonBytes} go to the field's `b64…` sibling. */
  rawJson?: (bytes: Uint8Array, field: DescField) => string;
}

type WriteValue = (value: unknown, options: JsonWriteOptions) => string;
/** Writes a member, `"name":value`. */
type WriteMember = (fields: Record<string, unknown>, options: JsonWriteOptions) => string;

interface FieldWriter {
  readonly field: DescField;
  readonly isSet: (fields: Record<string, unknown>) => boolean;
  readonly write: WriteMember;
}

/**
 * Writes a generated message as Centrifugo's JSON: snake_case names in the order of the schema, zero values left out,
 * integers as bare numbers of up to 64 bits, map keys sorted, bytes fields as the JSON that they hold.
 *
 * @throws JsonWriteError for bytes that are not JSON in a field without a `b64…` sibling, and for NaN and Infinity.
 */
export function writeMessage(schema: DescMessage, message: Message, options: JsonWriteOptions = {}): string {
  return writeFields(messageWriter(schema), message, options);
}

function writeFields(writer: MessageWriter, message: Message, options: JsonWriteOptions): string {
  const { schema } = writer;
  // An interceptor may have put a message of another type there. None of the fields is its.
  const fields = fieldsOf(message.$typeName === schema.typeName ? message : create(schema));
  const isComplete = options.alwaysPresent !== undefined;
  let members = "";
  for (const { field, isSet, write } of fieldWriters(writer, fields)) {
    if (!isSet(fields) && !(isComplete && isAlwaysPresent(field, options))) continue;
    try {
      members += members === "" ? write(fields, options) : `,${write(fields, options)}`;
    } catch (error) {
      throw passing(field.localName, error);
    }
  }
  return `{${members}}`;
}

function isAlwaysPresent(field: DescField, { alwaysPresent }: JsonWriteOptions): boolean {
  return alwaysPresent !== undefined && field.fieldKind !== "message" && alwaysPresent(field);
}

interface MessageWriter {
  readonly schema: DescMessage;
  readonly all: readonly FieldWriter[];
  /** By name, each in a list of its own, where all fields are messages: see {@link fieldWriters}. */
  readonly single: ReadonlyMap<string, readonly FieldWriter[]> | undefined;
}

const compiled = new WeakMap<DescMessage, MessageWriter>();

function messageWriter(schema: DescMessage): MessageWriter {
  let writer = compiled.get(schema);
  if (writer === undefined) {
    const all = schema.fields.map(fieldWriter);
    const single = isBare(schema) ? new Map(all.map((one) => [one.field.localName, [one]])) : undefined;
    writer = { schema, all, single };
    compiled.set(schema, writer);
  }
  return writer;
}

/** The writers of a message's fields. A command has dozens, of which one is set, and asking all of them takes its time. */
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

function fieldWriter(field: DescField): FieldWriter {
  return { field, isSet: setCheck(field), write: memberWriter(field) };
}

function memberWriter(field: DescField): WriteMember {
  const { localName, name } = field;
  const key = `"${name}":`;
  const write = valueWriter(field);
  switch (field.fieldKind) {
    case "list":
      return (fields, options) => `${key}[${writeElements(fields[localName] as unknown[], write, options)}]`;
    case "map":
      return (fields, options) => `${key}{${writeEntries(fields[localName] as object, write, options)}}`;
    default: {
      const sibling = base64Sibling(field);
      if (sibling === undefined) return (fields, options) => key + write(fieldValue(fields, field), options);
      return (fields, options) => {
        const value = fieldValue(fields, field);
        return options.rawJson === undefined && !(value instanceof JsonBytes)
          ? `"${sibling.name}":"${binary(value)}"`
          : key + write(value, options);
      };
    }
  }
}

function fieldValue(fields: Record<string, unknown>, { oneof, localName, scalar }: DescField): unknown {
  if (oneof !== undefined) return (fields[oneof.localName] as { value?: unknown }).value;
  // A field with explicit presence has no value of its own where it is not set.
  return fields[localName] ?? scalarZeroValue(scalar ?? ScalarType.INT32, false);
}

function writeElements(list: readonly unknown[], write: WriteValue, options: JsonWriteOptions): string {
  let text = "";
  let index = 0;
  try {
    for (; index < list.length; index++) text += (index === 0 ? "" : ",") + write(list[index], options);
  } catch (error) {
    throw passing(`[${index}]`, error);
  }
  return text;
}

function writeEntries(map: object, write: WriteValue, options: JsonWriteOptions): string {
  return Object.entries(map)
    .sort(([left], [right]) => byCodePoint(left, right))
    .map(([key, value]) => `${JSON.stringify(key)}:${within(key, () => write(value, options))}`)
    .join(",");
}

function valueWriter(field: DescField): WriteValue {
  const { message, scalar } = field;
  if (message !== undefined) {
    // Compiled when the first one comes: a message may hold messages of its own type.
    let writer: MessageWriter | undefined;
    return (value, options) => {
      writer ??= messageWriter(message);
      return writeFields(writer, value as Message, options);
    };
  }
  switch (scalar) {
    case ScalarType.STRING:
      return (value) => JSON.stringify(value);
    case ScalarType.BYTES:
      return (value, options) => {
        const bytes = value as Uint8Array;
        const own = bytes instanceof JsonBytes ? bytes : undefined;
        const text = options.rawJson?.(bytes, field) ?? (own ?? readJson(bytes))?.text;
        if (text === undefined) throw new JsonWriteError("takes no binary data as JSON; over gRPC it does");
        return text;
      };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return (value) => {
        if (!Number.isFinite(value)) throw new JsonWriteError(`${value} has no form in JSON`);
        return Object.is(value, -0) ? "-0" : String(value);
      };
    default:
      return String;
  }
}

/** An interceptor may have put anything into the message. */
function binary(value: unknown): string {
  if (value instanceof Uint8Array) return base64(value);
  throw new JsonWriteError(`expected a Uint8Array, got ${typeof value}`);
}

/** The order of the UTF-8 bytes, in which the server sorts; a plain comparison would go by UTF-16 units. */
function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    const surrogates = Number(a >= 0xd800 && a <= 0xdfff) - Number(b >= 0xd800 && b <= 0xdfff);
    return surrogates === 0 ? a - b : surrogates;
  }
  return left.length - right.length;
}
