import type { DescField, Message } from "@bufbuild/protobuf";
import { ScalarType } from "../schema/scalar-type.ts";

/** A generated message as a record of its fields, for access by name. */
export function fieldsOf(message: Message): Record<string, unknown> {
  return message as object as Record<string, unknown>;
}

/** The channel of a request, or of its item `index`; undefined if it has none, or several. */
export function channelOf(request: Message, index?: number): string | undefined {
  const { channel, channels = [] } = fieldsOf(request);
  const list = Array.isArray(channels) ? channels : [];
  const only = index ?? (list.length === 1 ? 0 : -1);
  const found: unknown = channel || list[only];
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The field with the base64 form of a bytes field, for HTTP: `b64data` for `data`. */
export function base64Sibling(field: DescField): DescField | undefined {
  if (field.fieldKind !== "scalar" || field.scalar !== ScalarType.BYTES) return undefined;
  const sibling = field.parent.fields.find((other) => other.name === `b64${field.name}`);
  return sibling?.fieldKind === "scalar" && sibling.scalar === ScalarType.STRING ? sibling : undefined;
}

/** The bytes field of a base64 field: `data` for `b64data`. Callers set `data`; `b64data` is hidden from them. */
export function bytesSibling(field: DescField): DescField | undefined {
  return field.parent.fields.find((other) => base64Sibling(other) === field);
}

/** Sets a map entry. A plain assignment would lose the key "__proto__", a possible channel name. */
export function setEntry(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[key] = value;
  }
}
