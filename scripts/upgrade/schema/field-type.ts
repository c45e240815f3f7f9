import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";

/** The word for a scalar type: `uint64`. */
export function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

/**
 * The type of a field as the schema writes it, `repeated`, `optional` and `map<…>` included.
 *
 * @param nameOf how a message or enum is called in the text
 */
export function fieldType(field: DescField, nameOf: (type: DescMessage | DescEnum) => string): string {
  const type = field.message ?? field.enum;
  const element = type === undefined ? scalarName(field.scalar as ScalarType) : nameOf(type);
  if (field.fieldKind === "map") return `map<${scalarName(field.mapKey)}, ${element}>`;
  if (field.fieldKind === "list") return `repeated ${element}`;
  return field.proto.proto3Optional ? `optional ${element}` : element;
}
