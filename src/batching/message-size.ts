import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { fieldsOf } from "../message-fields.ts";

type SizeOf = (value: unknown) => number;

/** A field's number and type, and the length of what has one. */
const tagBytes = 5;
const lengthBytes = 5;
const numberBytes = 10;
/** What UTF-8 takes at most for one unit of a JavaScript string. */
const bytesPerUnit = 3;

/** No less than the bytes that a message takes as protobuf. To count them exactly would take as long as to write them. */
export function messageSize(schema: DescMessage, message: Message): number {
  let size = 0;
  for (const measure of fieldSizes(schema)) size += measure(message);
  return size;
}

const compiled = new WeakMap<DescMessage, readonly ((message: Message) => number)[]>();

function fieldSizes(schema: DescMessage): readonly ((message: Message) => number)[] {
  let sizes = compiled.get(schema);
  if (sizes === undefined) {
    sizes = schema.fields.map(fieldSize);
    compiled.set(schema, sizes);
  }
  return sizes;
}

function fieldSize(field: DescField): (message: Message) => number {
  const { localName, oneof } = field;
  const sizeOf = valueSize(field);
  if (oneof !== undefined) {
    return (message) => {
      const chosen = fieldsOf(message)[oneof.localName] as { case?: string; value?: unknown };
      return chosen.case === localName ? sizeOf(chosen.value) : 0;
    };
  }
  return (message) => {
    const value = fieldsOf(message)[localName];
    // Zero values are not written; those that are, where a field has presence, are no more than a tag.
    return value === undefined ? 0 : sizeOf(value);
  };
}

function valueSize(field: DescField): SizeOf {
  switch (field.fieldKind) {
    case "list": {
      const sizeOf = elementSize(field.message, field.scalar);
      return (list) => (list as unknown[]).reduce<number>((sum, value) => sum + sizeOf(value), 0);
    }
    case "map": {
      const sizeOf = elementSize(field.message, field.scalar);
      return (map) => {
        let sum = 0;
        for (const [key, value] of Object.entries(map as object)) {
          sum += tagBytes + lengthBytes + stringSize(key) + sizeOf(value);
        }
        return sum;
      };
    }
    default:
      return elementSize(field.message, field.scalar);
  }
}

function elementSize(message: DescMessage | undefined, scalar: ScalarType | undefined): SizeOf {
  if (message !== undefined)
    return (value) => tagBytes + lengthBytes + messageSize(message, value as Message);
  if (scalar === ScalarType.STRING) return (value) => stringSize(value as string);
  if (scalar === ScalarType.BYTES) {
    return (value) => tagBytes + lengthBytes + (value as Uint8Array).length;
  }
  return () => tagBytes + numberBytes;
}

function stringSize(text: string): number {
  return tagBytes + lengthBytes + text.length * bytesPerUnit;
}
