import type { DescField, DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { JsonBytes } from "../json-bytes.ts";
import { fieldsOf, setEntry } from "../message-fields.ts";
import { within } from "../path-error.ts";
import { mapKeyReader, scalarReader } from "./json-scalars.ts";
import { JsonScanner } from "./json-scanner.ts";

export { JsonReadError } from "./json-scanner.ts";

/** Reads one value at the scanner's place. */
type ReadValue = (scanner: JsonScanner) => unknown;
/** Reads a field's value into the message. */
type ReadField = (scanner: JsonScanner, fields: Record<string, unknown>) => void;

/**
 * Reads Centrifugo's JSON into a generated message, as encoding/json does on the server: names are snake_case in any
 * case, unknown ones are skipped, null is absent, integers are bare numbers of up to 64 bits, exactly. A bytes field
 * takes the JSON value as it is written, null included.
 *
 * @throws JsonReadError for a text that is not JSON, and for a value of another type than the field's.
 */
export function readMessage<Desc extends DescMessage>(schema: Desc, text: string): MessageShape<Desc> {
  const scanner = new JsonScanner(text);
  const message = create(schema);
  if (!scanner.takeNull()) readInto(scanner, message, schema);
  scanner.end();
  return message;
}

const compiled = new WeakMap<DescMessage, Map<string, ReadField>>();

function fieldReaders(schema: DescMessage): Map<string, ReadField> {
  let readers = compiled.get(schema);
  if (readers === undefined) {
    readers = new Map(schema.fields.map((field) => [field.name, fieldReader(field)]));
    compiled.set(schema, readers);
  }
  return readers;
}

function readInto(scanner: JsonScanner, message: Message, schema: DescMessage): void {
  const readers = fieldReaders(schema);
  const fields = fieldsOf(message);
  readObject(scanner, (name) => {
    const read = readers.get(name) ?? readers.get(name.toLowerCase());
    if (read === undefined) scanner.parsed(scanner.raw());
    else read(scanner, fields);
  });
}

function fieldReader(field: DescField): ReadField {
  const { localName, oneof } = field;
  // An enum has no scalar type; the server writes its number.
  const type = field.message ?? field.scalar ?? ScalarType.INT32;
  const read = elementReader(type);
  switch (field.fieldKind) {
    case "list":
      return (scanner, fields) => {
        fields[localName] = scanner.takeNull() ? [] : readList(scanner, read, type);
      };
    case "map": {
      const readKey = mapKeyReader(field.mapKey);
      return (scanner, fields) => {
        const map: Record<string, unknown> = {};
        fields[localName] = map;
        if (scanner.takeNull()) return;
        readObject(scanner, (key) => setEntry(map, readKey(key), readElement(scanner, read, type)));
      };
    }
    default:
      return (scanner, fields) => {
        if (type !== ScalarType.BYTES && scanner.takeNull()) return;
        const value = read(scanner);
        if (oneof === undefined) fields[localName] = value;
        else fields[oneof.localName] = { case: localName, value };
      };
  }
}

function elementReader(type: DescMessage | ScalarType): ReadValue {
  if (type === ScalarType.BYTES) return readBytes;
  if (typeof type === "number") return scalarReader(type);
  return (scanner) => {
    const message = create(type);
    readInto(scanner, message, type);
    return message;
  };
}

function readBytes(scanner: JsonScanner): JsonBytes {
  const raw = scanner.raw();
  return new JsonBytes(raw, scanner.parsed(raw));
}

/** What null stands for in a list or map. In a bytes field it is a JSON value of its own. */
function readElement(scanner: JsonScanner, read: ReadValue, type: DescMessage | ScalarType): unknown {
  if (type === ScalarType.BYTES || !scanner.takeNull()) return read(scanner);
  return typeof type === "number" ? scalarZeroValue(type, false) : create(type);
}

function readList(scanner: JsonScanner, read: ReadValue, type: DescMessage | ScalarType): unknown[] {
  const list: unknown[] = [];
  scanner.expect("[");
  if (scanner.take("]")) return list;
  do {
    within(`[${list.length}]`, () => list.push(readElement(scanner, read, type)));
  } while (scanner.take(","));
  scanner.expect("]");
  return list;
}

function readObject(scanner: JsonScanner, readMember: (name: string) => void): void {
  if (!scanner.take("{")) throw scanner.unexpected("an object");
  if (scanner.take("}")) return;
  do {
    const name = scanner.string("a field name");
    within(name, () => {
      scanner.expect(":");
      readMember(name);
    });
  } while (scanner.take(","));
  scanner.expect("}");
}
