// Small parts of protobuf-es, whose main entry has them: it takes as long to load as all entries that tscent needs.
import type { DescField, DescMessage, Message, MessageShape } from "@bufbuild/protobuf";
import { isScalarZeroValue, reflect } from "@bufbuild/protobuf/reflect";

/** Makes an empty message. */
export function create<Desc extends DescMessage>(schema: Desc): MessageShape<Desc> {
  return reflect(schema, undefined, false).message as MessageShape<Desc>;
}

/** Whether a value is a message of a type. */
export function isMessage<Desc extends DescMessage>(
  value: unknown,
  schema: Desc,
): value is MessageShape<Desc> {
  return typeof value === "object" && value !== null && Reflect.get(value, "$typeName") === schema.typeName;
}

/** google.protobuf.FeatureSet.FieldPresence */
const implicit = 2;

/** Whether a field is set, or, if its presence is not tracked, is not zero. */
export function isFieldSet(message: Message, field: DescField): boolean {
  const { localName, oneof } = field;
  const fields = message as unknown as Record<string, unknown>;
  if (oneof !== undefined) return (fields[oneof.localName] as { case?: string }).case === localName;
  const value = fields[localName];
  // A field with presence has its default on the prototype.
  if (field.presence !== implicit) return value !== undefined && Object.hasOwn(message, localName);
  switch (field.fieldKind) {
    case "list":
      return (value as unknown[]).length > 0;
    case "map":
      return Object.keys(value as object).length > 0;
    case "enum":
      return value !== field.enum.values[0]?.number;
    case "scalar":
      return !isScalarZeroValue(field.scalar, value);
    default:
      return value !== undefined;
  }
}
