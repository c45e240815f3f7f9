import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import { isScalarZeroValue } from "@bufbuild/protobuf/reflect";
import { fieldsOf } from "./message-fields.ts";

/** Whether an empty message of a type has no properties but its name: all its fields hold messages, as in a command. */
export function isBare(schema: DescMessage): boolean {
  const empty = create(schema);
  return Object.keys(empty).length === 1 && Object.getPrototypeOf(empty) === Object.prototype;
}

/**
 * Makes empty messages of a type, as `create` does, which goes over all the fields each time, also those that an empty
 * message has nothing of: a command has dozens. A copy is faster.
 */
export function messageMaker(schema: DescMessage): () => Message {
  const empty = create(schema);
  const isPlain = Object.getPrototypeOf(empty) === Object.prototype && schema.oneofs.length === 0;
  if (!isPlain) return () => create(schema);
  const { $typeName } = empty;
  if (isBare(schema)) return () => ({ $typeName });
  const named = (kind: "list" | "map") =>
    schema.fields.filter(({ fieldKind }) => fieldKind === kind).map(({ localName }) => localName);
  const [lists, maps] = [named("list"), named("map")];
  // These are each message's own.
  const fill = (message: Message) => {
    const fields = fieldsOf(message);
    for (const name of lists) fields[name] = [];
    for (const name of maps) fields[name] = {};
    return message;
  };
  // V8 copies fast at a place in the code that sees few shapes, and results would take all that one place has.
  return isRequest(schema) ? () => fill({ ...empty }) : () => fill({ ...empty });
}

function isRequest(schema: DescMessage): boolean {
  return schema.name.endsWith("Request");
}

/** Asks whether a field is set, as `isFieldSet` does, which looks at the descriptor each time. */
export function setCheck(field: DescField): (fields: Record<string, unknown>) => boolean {
  const { localName, oneof } = field;
  if (oneof !== undefined)
    return (fields) => (fields[oneof.localName] as { case?: string }).case === localName;
  // A field that an empty message has no value of is set where it has one; its default may be on the prototype.
  if (!Object.hasOwn(create(field.parent), localName)) {
    return (fields) => fields[localName] !== undefined && Object.hasOwn(fields, localName);
  }
  switch (field.fieldKind) {
    case "list":
      return (fields) => (fields[localName] as unknown[]).length > 0;
    case "map":
      return (fields) => hasKeys(fields[localName] as object);
    case "enum": {
      const first = field.enum.values[0]?.number;
      return (fields) => fields[localName] !== first;
    }
    default: {
      const { scalar = ScalarType.INT32 } = field;
      if (scalar === ScalarType.STRING) return (fields) => fields[localName] !== "";
      if (scalar === ScalarType.BOOL) return (fields) => fields[localName] !== false;
      return (fields) => !isScalarZeroValue(scalar, fields[localName]);
    }
  }
}

function hasKeys(map: object): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return true;
  return false;
}
