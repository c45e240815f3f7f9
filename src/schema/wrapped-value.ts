import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "./scalar-type.ts";

/**
 * The field of a message that only makes a scalar optional, such as `BoolValue`: its name ends in `Value`, and its one field
 * is a scalar `value`. Callers have the scalar in place of the message. Undefined for other messages.
 */
export function wrappedValue({ members, name }: DescMessage): DescField | undefined {
  if (members.length !== 1 || !name.endsWith("Value")) return undefined;
  const [field] = members;
  const isScalar = field?.kind === "field" && field.fieldKind === "scalar" && !field.proto.proto3Optional;
  return isScalar && field.localName === "value" && field.scalar !== ScalarType.BYTES ? field : undefined;
}
