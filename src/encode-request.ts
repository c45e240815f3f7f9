import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { classOf, isPlain } from "./class-of.ts";
import { encodeInteger, integerRange } from "./integers.ts";
import { base64Sibling, fieldsOf, isBase64Sibling, setEntry } from "./message-fields.ts";
import { messageMaker } from "./message-shape.ts";
import type { Method, MethodTable } from "./methods.ts";
import { PathError, passing, within } from "./path-error.ts";
import type { Payload } from "./payload.ts";
import { requiredFields } from "./required-fields.ts";

/** What the encoders of one request share. */
interface Encoding {
  readonly payload: Payload;
  /** Where there may be commands in it. */
  readonly table: MethodTable | undefined;
  /** How deep the message is in which they are. */
  depth: number;
}

type Encode = (value: unknown, encoding: Encoding) => unknown;

/** Messages within messages. The API has five at most, except in filters, which a caller may nest at will. */
const maxDepth = 100;

/**
 * Makes the generated message of a caller's request.
 *
 * @throws PathError naming the field that cannot be sent
 */
export function encodeRequest(
  table: MethodTable,
  method: Method,
  request: unknown,
  payload: Payload,
): Message {
  try {
    checkRequired(method.name, request);
    return encodeWithin(messageEncoder(method.rpc.input), request, { payload, table, depth: 0 });
  } catch (error) {
    if (error instanceof PathError) throw error;
    // A getter of the caller's may throw anything.
    const reason = error instanceof Error ? error.message : "the request could not be read";
    throw new PathError(reason, { cause: error });
  }
}

function checkRequired(method: string, request: unknown): void {
  const given = record(request);
  for (const field of requiredFields(method)) {
    if (given[field] === undefined) throw new PathError("is required", { path: field });
  }
}

/** What there is to know of a message type. */
interface MessageEncoder {
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
export function encodeMessage(schema: DescMessage, value: unknown, payload: Payload): Message {
  return encodeWithin(messageEncoder(schema), value, { payload, table: undefined, depth: 0 });
}

function encodeWithin(encoder: MessageEncoder, value: unknown, encoding: Encoding): Message {
  if (encoder.schema === encoding.table?.command) return encodeCommand(encoder, value, encoding);
  const { make, fields: encoders } = encoder;
  if (encoding.depth === maxDepth) throw new PathError(`is nested more than ${maxDepth} levels deep`);
  encoding.depth++;
  const given = record(value);
  const message = make();
  const fields = fieldsOf(message);
  for (const name of fieldNames(given, encoders)) {
    const encode = encoders.get(name);
    if (encode === undefined) throw new PathError("unknown field", { path: name });
    const field = given[name];
    // A property that is undefined is one that is not there, as for JSON.stringify.
    if (field === undefined) continue;
    try {
      fields[name] = encode(field, encoding);
    } catch (error) {
      throw passing(name, error);
    }
  }
  encoding.depth--;
  return message;
}

/** The names of what may be given. A class may give its fields by getters, which are not among its keys. */
function fieldNames(given: object, encoders: MessageEncoder["fields"]): readonly string[] {
  const names = Object.keys(given);
  return isPlain(given) ? names : [...new Set([...names, ...encoders.keys()])];
}

/** Each command of a batch has one method, and what that requires. The server would run one and drop the others. */
function encodeCommand(
  { make, fields: encoders }: MessageEncoder,
  value: unknown,
  encoding: Encoding,
): Message {
  const given = record(value);
  const keys = Object.keys(given);
  const names = keys.length === 1 ? keys : keys.filter((key) => given[key] !== undefined);
  const [name] = names;
  const request = name === undefined ? undefined : given[name];
  if (name === undefined || request === undefined) throw new PathError("expected one method, got none");
  if (names.length > 1) throw new PathError(`expected one method, got ${names.join(" and ")}`);
  const encode = encoding.table?.byName(name)?.command && encoders.get(name);
  if (encode === undefined) throw new PathError(`unknown method ${name}`);
  const message = make();
  try {
    checkRequired(name, request);
    fieldsOf(message)[name] = encode(request, encoding);
  } catch (error) {
    throw passing(name, error);
  }
  return message;
}

function encoder(field: DescField): Encode {
  if (isBase64Sibling(field)) return hidden(field);
  const encode = valueEncoder(field);
  switch (field.fieldKind) {
    case "list":
      return (value, encoding) => {
        if (!Array.isArray(value)) throw new PathError(`expected an array, got ${describe(value)}`);
        return Array.from(value, (element: unknown, index) => {
          try {
            return encode(element, encoding);
          } catch (error) {
            throw passing(`[${index}]`, error);
          }
        });
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
function record(value: unknown): Readonly<Record<string, unknown>> {
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
