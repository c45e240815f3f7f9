import { ScalarType } from "@bufbuild/protobuf";
import { describe, expectWellFormed } from "./caller-values.ts";
import { encodeInteger, integerRange } from "./integers.ts";
import { PathError } from "./path-error.ts";

/** The encoder of a scalar: it checks a caller's value, and gives the value that a generated message holds. */
export function scalarEncoder(type: Exclude<ScalarType, ScalarType.BYTES>): (value: unknown) => unknown {
  const range = integerRange(type);
  if (range !== undefined) return (value) => encodeInteger(value, range);
  switch (type) {
    case ScalarType.STRING:
      return encodeString;
    case ScalarType.BOOL:
      return encodeBool;
    default:
      return encodeDouble;
  }
}

function encodeString(value: unknown): unknown {
  if (typeof value !== "string") throw new PathError(`expected a string, got ${describe(value)}`);
  return expectWellFormed(value);
}

function encodeBool(value: unknown): unknown {
  if (typeof value !== "boolean") throw new PathError(`expected true or false, got ${describe(value)}`);
  return value;
}

function encodeDouble(value: unknown): unknown {
  if (!Number.isFinite(value)) throw new PathError(`expected a finite number, got ${describe(value)}`);
  return value;
}
