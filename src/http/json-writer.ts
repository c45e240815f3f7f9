import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { JsonBytes, readJson } from "../json-bytes.ts";
import { base64Sibling, fieldsOf } from "../message-fields.ts";
import { PathError, within } from "../path-error.ts";
import { base64 } from "./base64.ts";

/** A value that Centrifugo's JSON has no form for. */
export class JsonWriteError extends PathError {
  override readonly name = "JsonWriteError";
}

export interface JsonWriteOptions {
  /** Fields to write with their zero value, too, as the server does in some results. */
  alwaysPresent?: (field: DescField) => boolean;
  /** The JSON text of a bytes field. By default other bytes than {@link JsonBytes} go to the field's `b64…` sibling. */
  rawJson?: (bytes: Uint8Array, field: DescField) => string;
}

type WriteValue = (value: unknown, options: JsonWriteOptions) => string;
/** Writes a member (`"name":value`), or "" where the field is left out. */
type WriteField = (message: Message, options: JsonWriteOptions) => string;

/**
 * Writes a generated message as Centrifugo's JSON: snake_case names in the order of the schema, zero values left out,
 * integers as bare numbers of up to 64 bits, map keys sorted, bytes fields as the JSON that they hold.
 *
 * @throws JsonWriteError for bytes that are not JSON in a field without a `b64…` sibling, and for NaN and Infinity.
 */
export function writeMessage(schema: DescMessage, message: Message, options: JsonWriteOptions = {}): string {
  let members = "";
  for (const write of fieldWriters(schema)) {
    const member = write(message, options);
    if (member !== "") members += members === "" ? member : `,${member}`;
  }
  return `{${members}}`;
}

const compiled = new WeakMap<DescMessage, WriteField[]>();

function fieldWriters(schema: DescMessage): WriteField[] {
  let writers = compiled.get(schema);
  if (writers === undefined) {
    writers = schema.fields.map(fieldWriter);
    compiled.set(schema, writers);
  }
  return writers;
}

function fieldWriter(field: DescField): WriteField {
  const { localName, name } = field;
  const key = `"${name}":`;
  const write = valueWriter(field);
  const left = (message: Message, options: JsonWriteOptions) =>
    !isFieldSet(message, field) && (field.fieldKind === "message" || !options.alwaysPresent?.(field));
  switch (field.fieldKind) {
    case "list":
      return (message, options) => {
        if (left(message, options)) return "";
        const list = fieldsOf(message)[localName] as unknown[];
        return `${key}[${within(localName, () => writeElements(list, write, options))}]`;
      };
    case "map":
      return (message, options) => {
        if (left(message, options)) return "";
        const map = fieldsOf(message)[localName] as Record<string, unknown>;
        return `${key}{${within(localName, () => writeEntries(map, write, options))}}`;
      };
    default: {
      const sibling = base64Sibling(field);
      return (message, options) => {
        if (left(message, options)) return "";
        const value = fieldValue(message, field);
        if (sibling !== undefined && options.rawJson === undefined) {
          if (!(value instanceof JsonBytes))
            return `"${sibling.name}":"${within(localName, () => binary(value))}"`;
        }
        return key + within(localName, () => write(value, options));
      };
    }
  }
}

function fieldValue(message: Message, field: DescField): unknown {
  if (field.oneof !== undefined) {
    return (fieldsOf(message)[field.oneof.localName] as { value?: unknown }).value;
  }
  // A field with explicit presence has no value of its own where it is not set.
  return fieldsOf(message)[field.localName] ?? scalarZeroValue(field.scalar ?? ScalarType.INT32, false);
}

function writeElements(list: readonly unknown[], write: WriteValue, options: JsonWriteOptions): string {
  return list.map((value, index) => within(`[${index}]`, () => write(value, options))).join(",");
}

function writeEntries(map: Record<string, unknown>, write: WriteValue, options: JsonWriteOptions): string {
  return Object.keys(map)
    .sort(byCodePoint)
    .map((key) => `${JSON.stringify(key)}:${within(key, () => write(map[key], options))}`)
    .join(",");
}

function valueWriter(field: DescField): WriteValue {
  const { message, scalar } = field;
  if (message !== undefined) return (value, options) => writeMessage(message, value as Message, options);
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
