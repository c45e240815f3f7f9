import type { DescField } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import { isScalarZeroValue } from "@bufbuild/protobuf/reflect";

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
