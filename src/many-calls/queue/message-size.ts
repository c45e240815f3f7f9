import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";

type SizeOf = (value: unknown) => number;
type SizeOfField = (message: Message) => number;

/** What an integer takes at most, and so a length, or the number and type of a field. */
const integerBytes = 10;
const lengthBytes = 5;
const tagBytes = 5;
/** What UTF-8 takes at most for one unit of a JavaScript string. */
const bytesPerUnit = 3;

/** No less than the bytes that a message takes as protobuf. To count them exactly would take as long as to write them. */
export function messageSize(schema: DescMessage, message: Message): number {
  let size = 0;
  for (const measure of fieldSizes(schema)) size += measure(message);
  return size;
}

const compiled = new WeakMap<DescMessage, readonly SizeOfField[]>();

function fieldSizes(schema: DescMessage): readonly SizeOfField[] {
  let sizes = compiled.get(schema);
  if (sizes === undefined) {
    sizes = schema.fields.map(fieldSize);
    compiled.set(schema, sizes);
  }
  return sizes;
}

function fieldSize(field: DescField): SizeOfField {
  const { localName, oneof } = field;
  const sizeOf = valueSize(field);
  if (oneof === undefined) return (message) => sizeOf(fieldsOf(message)[localName]);
  return (message) => {
    const { case: name, value } = fieldsOf(message)[oneof.localName] as { case?: string; value?: unknown };
    return name === localName ? sizeOf(value) : 0;
  };
}

function valueSize(field: DescField): SizeOf {
  const { fieldKind, message, scalar } = field;
  const sizeOf = elementSize(message, scalar);
  if (fieldKind === "list") {
    return (list) => (list as unknown[]).reduce<number>((sum, element) => sum + sizeOf(element), 0);
  }
  if (fieldKind === "map") {
    return (map) => {
      let sum = 0;
      const entries = map as Readonly<Record<string, unknown>>;
      for (const key in entries) {
        if (Object.hasOwn(entries, key))
          sum += tagBytes + lengthBytes + stringSize(key) + sizeOf(entries[key]);
      }
      return sum;
    };
  }
  // What is not set is not written. The default value is only where it was set, in a field that tells the two apart.
  return (value) => (value ? sizeOf(value) : value === undefined ? 0 : 2);
}

function elementSize(message: DescMessage | undefined, scalar: ScalarType | undefined): SizeOf {
  if (message !== undefined) {
    return (value) => tagBytes + lengthBytes + messageSize(message, value as Message);
  }
  if (scalar === ScalarType.STRING) return (value) => stringSize(value as string);
  if (scalar === ScalarType.BYTES) {
    return (value) => tagBytes + lengthBytes + (value as Uint8Array).length;
  }
  return () => tagBytes + integerBytes;
}

function stringSize(text: string): number {
  return tagBytes + lengthBytes + text.length * bytesPerUnit;
}
