import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { classOf, isPlain } from "./class-of.ts";
import { encodeInteger, integerRange } from "./integers.ts";
import { base64Sibling, fieldsOf, isBase64Sibling, setEntry } from "./message-fields.ts";
import { messageMaker } from "./new-message.ts";
import { PathError, passing, within } from "./path-error.ts";
import type { Payload } from "./payload.ts";

/** What the encoders of one request share. */
export interface Encoding {
  readonly payload: Payload;
  /** Messages of a type that is encoded in a way of its own, if any. */
  readonly own?: OwnEncoder;
  /** How deep the message is in which they are. */
  depth: number;
}

/** How messages of one type are encoded. */
export interface OwnEncoder {
  readonly schema: DescMessage;
  encode(encoder: MessageEncoder, value: unknown, encoding: Encoding): Message;
}

type Encode = (value: unknown, encoding: Encoding) => unknown;

/** Messages within messages. The API has five at most, except in filters, which a caller may nest at will. */
const maxDepth = 100;

/** What there is to know of a message type. */
export interface MessageEncoder {
  readonly schema: DescMessage;
  readonly make: () => Message;
  readonly fields: ReadonlyMap<string, Encode>;
}

const compiled = new WeakMap<DescMessage, MessageEncoder>();

function messageEncoder(schema: DescMessage): MessageEncoder {
  let found = compiled.get(schema);
  if (found === undefined) {
    const members = schema.members.map((member): [string, Encode] =>
      member.kind === "oneof"
        ? [member.localName, oneofEncoder(member.fields)]
        : [member.localName, encoder(member)],
    );
    found = { schema, make: messageMaker(schema), fields: new Map(members) };
    compiled.set(schema, found);
  }
  return found;
}

/**
 * Makes a generated message of a plain object.
 *
 * @throws PathError naming the field that has no place in it
 */
export function encodeMessage(
  schema: DescMessage,
  value: unknown,
  payload: Payload,
  own?: OwnEncoder,
): Message {
  const encoding: Encoding = own === undefined ? { payload, depth: 0 } : { payload, own, depth: 0 };
  return encodeWithin(messageEncoder(schema), value, encoding);
}

function encodeWithin(encoder: MessageEncoder, value: unknown, encoding: Encoding): Message {
  const { own } = encoding;
  if (own !== undefined && own.schema === encoder.schema) return own.encode(encoder, value, encoding);
  if (encoding.depth === maxDepth) throw new PathError(`is nested more than ${maxDepth} levels deep`);
  encoding.depth++;
  const given = record(value);
  const message = encoder.make();
  const fields = fieldsOf(message);
  if (isPlain(given)) {
    // Not Object.keys, which makes a list for each message.
    for (const name in given)
      if (Object.hasOwn(given, name)) encodeField(encoder, name, given, fields, encoding);
  } else {
    // A class may give its fields by getters, which are not among its keys.
    for (const name of new Set([...Object.keys(given), ...encoder.fields.keys()]))
      encodeField(encoder, name, given, fields, encoding);
  }
  encoding.depth--;
  return message;
}

function encodeField(
  encoder: MessageEncoder,
  name: string,
  given: Readonly<Record<string, unknown>>,
  fields: Record<string, unknown>,
  encoding: Encoding,
): void {
  const encode = encoder.fields.get(name);
  if (encode === undefined) throw unknownField(encoder.schema, name);
  const value = given[name];
  // A property that is undefined is one that is not there, as for JSON.stringify.
  if (value === undefined) return;
  try {
    fields[name] = encode(value, encoding);
  } catch (error) {
    throw passing(name, error);
  }
}

function unknownField({ members }: DescMessage, path: string): PathError {
  const known = members.filter((member) => member.kind === "oneof" || !isBase64Sibling(member));
  const expected = known.map(({ localName }) => localName).join(", ");
  return new PathError(`unknown field; expected ${expected === "" ? "none" : `one of ${expected}`}`, {
    path,
  });
}

function encoder(field: DescField): Encode {
  if (isBase64Sibling(field)) return hidden(field);
  const encode = valueEncoder(field);
  switch (field.fieldKind) {
    case "list":
      return (value, encoding) => {
        if (!Array.isArray(value)) throw new PathError(`expected an array, got ${describe(value)}`);
        const list: unknown[] = [];
        try {
          // By index, for what an array has no element of is to be refused, too.
          for (let index = 0; index < value.length; index++) list.push(encode(value[index], encoding));
        } catch (error) {
          throw passing(`[${list.length}]`, error);
        }
        return list;
      };
    case "map":
      return (value, encoding) => {
        const map: Record<string, unknown> = {};
        for (const [key, entry] of Object.entries(record(value))) {
          within(key, () => setEntry(map, wellFormed(key), encode(entry, encoding)));
        }
        return map;
      };
    default:
      return encode;
  }
}

function valueEncoder({ message, scalar = ScalarType.INT32 }: DescField): Encode {
  if (message !== undefined) {
    // Compiled when the first one comes: a message may hold messages of its own type.
    let own: MessageEncoder | undefined;
    return (value, encoding) => {
      own ??= messageEncoder(message);
      return encodeWithin(own, value, encoding);
    };
  }
  const range = integerRange(scalar);
  if (range !== undefined) return (value) => encodeInteger(value, range);
  switch (scalar) {
    case ScalarType.BYTES:
      return (value, { payload }) => payload.encode(value);
    case ScalarType.BOOL:
      return (value) => {
        if (typeof value !== "boolean") throw new PathError(`expected true or false, got ${describe(value)}`);
        return value;
      };
    case ScalarType.STRING:
      return (value) => {
        if (typeof value !== "string") throw new PathError(`expected a string, got ${describe(value)}`);
        return wellFormed(value);
      };
    default:
      return (value) => {
        if (!Number.isFinite(value)) throw new PathError(`expected a finite number, got ${describe(value)}`);
        return value;
      };
  }
}

function oneofEncoder(fields: readonly DescField[]): Encode {
  const encoders = new Map(fields.map((field) => [field.localName, encoder(field)]));
  return (value, encoding) => {
    const { case: name, value: given } = record(value);
    // A choice that was not made, as results have it.
    if (name === undefined && given === undefined) return { case: undefined };
    const encode = typeof name === "string" ? encoders.get(name) : undefined;
    if (encode === undefined) throw new PathError(`expected a case of ${[...encoders.keys()].join(", ")}`);
    return { case: name, value: within(`${name}`, () => encode(given, encoding)) };
  };
}

function hidden(field: DescField): Encode {
  const bytes = field.parent.fields.find((other) => base64Sibling(other) === field);
  return () => {
    throw new PathError(`unknown field; pass a Uint8Array as ${bytes?.localName}`);
  };
}

/** An object of fields or entries. A Map, a Date and the like have none of their own, and would be sent as {}. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(value) && classOf(value) !== "Object")
    throw new PathError(`expected an object, got ${describe(value)}`);
  return value as Record<string, unknown>;
}

/** A string with half a surrogate pair has no UTF-8 form; it would arrive as another string. */
function wellFormed(value: string): string {
  if (!value.isWellFormed())
    throw new PathError("the string has half a surrogate pair, which UTF-8 cannot carry");
  return value;
}

/** A value for an error message: its type, never its content. */
function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && classOf(value) !== "Object") return `a ${classOf(value)}`;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : typeof value;
}
