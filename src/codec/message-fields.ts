import type { DescField, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";

/** A generated message as the record of its fields, for code that is driven by the descriptor. */
export function fieldsOf(message: Message): Record<string, unknown> {
  return message as object as Record<string, unknown>;
}

/** The field that carries a bytes field as base64 over HTTP: `b64data` for `data`. */
export function base64Sibling(field: DescField): DescField | undefined {
  if (field.fieldKind !== "scalar" || field.scalar !== ScalarType.BYTES) return undefined;
  const sibling = field.parent.fields.find((other) => other.name === `b64${field.name}`);
  return sibling?.fieldKind === "scalar" && sibling.scalar === ScalarType.STRING ? sibling : undefined;
}

/** The bytes field that a field carries as base64. Callers do not see such a field: they give the bytes field. */
export function bytesSibling(field: DescField): DescField | undefined {
  return field.parent.fields.find((other) => base64Sibling(other) === field);
}

/** Sets a map entry. A plain assignment would lose the key "__proto__", which may be a channel's name. */
export function setEntry(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
}
