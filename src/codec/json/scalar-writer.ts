import { base64Encode } from "@bufbuild/protobuf/wire";
import { ScalarType } from "../../schema/scalar-type.ts";
import { JsonWriteError } from "../path-error.ts";

export function scalarWriter(type: Exclude<ScalarType, typeof ScalarType.BYTES>): (value: unknown) => string {
  switch (type) {
    case ScalarType.STRING:
      return (value) => JSON.stringify(value);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return writeDouble;
    default:
      return String;
  }
}

function writeDouble(value: unknown): string {
  if (!Number.isFinite(value)) throw new JsonWriteError(`${value} has no form in JSON`);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Base64 with padding. For large data Node's Buffer takes a hundredth of base64Encode's time. Some runtimes lack it. */
export function writeBase64(value: unknown): string {
  // An interceptor can put any value into the message.
  if (!(value instanceof Uint8Array)) throw new JsonWriteError(`expected a Uint8Array, got ${typeof value}`);
  if (typeof Buffer === "undefined") return base64Encode(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}
