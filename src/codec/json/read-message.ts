import type { DescField, DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { create } from "../../schema/messages.ts";
import { perDescriptor } from "../../schema/per-descriptor.ts";
import { ScalarType } from "../../schema/scalar-type.ts";
import { fieldsOf, setEntry } from "../message-fields.ts";
import { messageMaker } from "../new-message.ts";
import { errorUnder } from "../path-error.ts";
import { JsonScanner } from "./json-scanner.ts";
import type { Member, ReadValue } from "./read-member-name.ts";
import { newMember, readMemberName } from "./read-member-name.ts";
import { mapKeyReader, scalarReader } from "./scalar-reader.ts";

interface MessageReader {
  readonly make: () => Message;
  readonly members: ReadonlyMap<string, Member>;
  /** Stands for the place before the first member; its `next` guesses the first. */
  readonly start: Member;
}

/**
 * Reads Centrifugo's JSON into a generated message, by the rules of the server's encoding/json: snake_case names match
 * in upper and lower case, unknown names are skipped, null leaves a field unset, integers are bare numbers, exact to 64
 * bits. A bytes field takes any JSON value as written, even null.
 *
 * @param bytes the text in UTF-8, if the caller has it; must not change afterwards
 * @throws JsonReadError for a text that is not JSON, a value of the wrong type, and messages nested too deep
 */
export function readMessage<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  bytes?: Uint8Array,
): MessageShape<Desc> {
  const scanner = new JsonScanner(text, bytes);
  const message = scanner.takeNull() ? create(schema) : readObject(scanner, messageReader(schema));
  scanner.end();
  return message as MessageShape<Desc>;
}

const messageReader = perDescriptor((schema: DescMessage): MessageReader => {
  const members = schema.fields.map((field) =>
    newMember(field.name, field.localName, fieldReader(field), field.oneof?.localName),
  );
  return {
    make: messageMaker(schema),
    members: new Map(members.map((one) => [one.name, one])),
    start: newMember(""),
  };
});

function readObject(scanner: JsonScanner, { make, members, start }: MessageReader): Message {
  if (!scanner.take("{")) throw scanner.unexpected("an object");
  const message = make();
  if (scanner.take("}")) return message;
  const fields = fieldsOf(message);
  let member = start;
  do {
    member = readMemberName(scanner, members, member);
    try {
      const value = member.read(scanner, member.next?.following);
      if (value === undefined) continue;
      if (member.oneof === undefined) fields[member.localName] = value;
      else fields[member.oneof] = { case: member.localName, value };
    } catch (error) {
      throw errorUnder(member.name, error);
    }
  } while (scanner.take(","));
  scanner.expect("}");
  return message;
}

function fieldReader(field: DescField): ReadValue {
  // An enum has no scalar type. The server writes it as a number.
  const type = field.message ?? field.scalar ?? ScalarType.INT32;
  // As an element of a list or map, null becomes the zero value.
  const empty = () => (typeof type === "number" ? scalarZeroValue(type, false) : create(type));
  switch (field.fieldKind) {
    case "list": {
      const read = valueReader(type, empty);
      return (scanner) => (scanner.takeNull() ? [] : readList(scanner, read));
    }
    case "map": {
      const read = valueReader(type, empty);
      const readKey = mapKeyReader(field.mapKey);
      return (scanner) => (scanner.takeNull() ? {} : readMap(scanner, readKey, read));
    }
    default:
      return valueReader(type, () => undefined);
  }
}

function valueReader(type: DescMessage | ScalarType, ofNull: () => unknown): ReadValue {
  // For a bytes field, null is data like any other JSON value.
  if (type === ScalarType.BYTES) return (scanner, following) => scanner.json(following);
  if (typeof type === "number") {
    const read = scalarReader(type);
    return (scanner) => (scanner.takeNull() ? ofNull() : read(scanner));
  }
  // Looked up when a message is read, as a type may contain itself.
  return (scanner) => {
    if (scanner.takeNull()) return ofNull();
    scanner.enter();
    const message = readObject(scanner, messageReader(type));
    scanner.leave();
    return message;
  };
}

function readList(scanner: JsonScanner, read: ReadValue): unknown[] {
  const list: unknown[] = [];
  scanner.expect("[");
  if (scanner.take("]")) return list;
  do {
    try {
      list.push(read(scanner));
    } catch (error) {
      throw errorUnder(`[${list.length}]`, error);
    }
  } while (scanner.take(","));
  scanner.expect("]");
  return list;
}

function readMap(scanner: JsonScanner, readKey: (key: string) => string, read: ReadValue): object {
  const map: Record<string, unknown> = {};
  if (!scanner.take("{")) throw scanner.unexpected("an object");
  if (scanner.take("}")) return map;
  do {
    const key = scanner.string("a field name");
    try {
      scanner.expect(":");
      setEntry(map, readKey(key), read(scanner));
    } catch (error) {
      throw errorUnder(key, error);
    }
  } while (scanner.take(","));
  scanner.expect("}");
  return map;
}
