import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { isFieldSet, ScalarType } from "@bufbuild/protobuf";
import type { Int64 } from "./integers.ts";
import { decodeInteger, integerRange } from "./integers.ts";
import { fieldsOf, setEntry } from "./message-fields.ts";
import { within } from "./path-error.ts";
import type { Payload } from "./payload.ts";

/** How results are to look. */
export interface ResultOptions {
  readonly payload: Payload;
  readonly int64: Int64;
  /** Decodes a message inside a result in a way of its own; undefined leaves it to be decoded field by field. */
  readonly item: (schema: DescMessage) => ((message: Message) => unknown) | undefined;
}

type Decode = (value: unknown, options: ResultOptions) => unknown;
type DecodeField = (message: Message, result: Record<string, unknown>, options: ResultOptions) => void;

/**
 * Makes a plain object of a generated message: scalars, lists and maps are always there, absent messages and empty
 * bytes are not, bytes are what they hold as JSON.
 *
 * @throws PathError for an integer that a number cannot hold
 */
export function decodeMessage(
  schema: DescMessage,
  message: Message,
  options: ResultOptions,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const decode of fieldDecoders(schema)) decode(message, result, options);
  return result;
}

const compiled = new WeakMap<DescMessage, readonly DecodeField[]>();

function fieldDecoders(schema: DescMessage): readonly DecodeField[] {
  let decoders = compiled.get(schema);
  if (decoders === undefined) {
    decoders = schema.members.map((member) =>
      member.kind === "oneof" ? oneofDecoder(member.localName, member.fields) : fieldDecoder(member),
    );
    compiled.set(schema, decoders);
  }
  return decoders;
}

function fieldDecoder(field: DescField): DecodeField {
  const { localName } = field;
  const decode = valueDecoder(field);
  switch (field.fieldKind) {
    case "list":
      return (message, result, options) => {
        const list = fieldsOf(message)[localName] as unknown[];
        result[localName] = list.map((value, index) =>
          within(`${localName}[${index}]`, () => decode(value, options)),
        );
      };
    case "map":
      return (message, result, options) => {
        const map: Record<string, unknown> = {};
        for (const [key, value] of Object.entries(fieldsOf(message)[localName] as object)) {
          setEntry(
            map,
            key,
            within(`${localName}.${key}`, () => decode(value, options)),
          );
        }
        result[localName] = map;
      };
    default: {
      const optional = field.fieldKind === "message" || field.scalar === ScalarType.BYTES;
      return (message, result, options) => {
        const value = fieldsOf(message)[localName];
        if (value === undefined || (optional && !isFieldSet(message, field))) return;
        result[localName] = within(localName, () => decode(value, options));
      };
    }
  }
}

function oneofDecoder(localName: string, fields: readonly DescField[]): DecodeField {
  const decoders = new Map(fields.map((field) => [field.localName, valueDecoder(field)]));
  return (message, result, options) => {
    const { case: name, value } = fieldsOf(message)[localName] as {
      case: string | undefined;
      value?: unknown;
    };
    const decode = name === undefined ? undefined : decoders.get(name);
    // As in the generated messages, a choice that was not made is there, and has no case.
    result[localName] =
      decode === undefined
        ? { case: undefined }
        : { case: name, value: within(`${name}`, () => decode(value, options)) };
  };
}

function valueDecoder({ message: schema, scalar = ScalarType.INT32 }: DescField): Decode {
  if (schema !== undefined) {
    return (value, options) => {
      const message = value as Message;
      return (options.item(schema) ?? ((whole: Message) => decodeMessage(schema, whole, options)))(message);
    };
  }
  if (scalar === ScalarType.BYTES) return (value, { payload }) => payload.decode(value as Uint8Array);
  if (integerRange(scalar)?.bits === 64) return (value, { int64 }) => decodeInteger(value as bigint, int64);
  return (value) => value;
}
