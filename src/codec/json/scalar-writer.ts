import { ScalarType } from "@bufbuild/protobuf";
import { JsonWriteError } from "../path-error.ts";

/** The writer of a scalar's JSON form. */
export function scalarWriter(type: Exclude<ScalarType, ScalarType.BYTES>): (value: unknown) => string {
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
