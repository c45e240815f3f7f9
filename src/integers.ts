import { ScalarType } from "@bufbuild/protobuf";
import { PathError } from "./path-error.ts";

/** What 64-bit integers are in results: `number`, or `bigint` throughout. */
export type Int64 = "number" | "bigint";

interface Range {
  readonly bits: 32 | 64;
  readonly signed: boolean;
}

/** The range of an integer type; undefined for the other scalars. */
export function integerRange(type: ScalarType): Range | undefined {
  switch (type) {
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { bits: 32, signed: true };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { bits: 32, signed: false };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return { bits: 64, signed: true };
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return { bits: 64, signed: false };
    default:
      return undefined;
  }
}

/** A caller's integer as the generated message holds it: a bigint of 64 bits, or a number of 32. */
export function encodeInteger(value: unknown, { bits, signed }: Range): number | bigint {
  const expected = `a ${signed ? "" : "non-negative "}${bits}-bit integer`;
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new PathError(`expected ${expected}, got ${value === null ? "null" : typeof value}`);
  }
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new PathError(`${value} is beyond the integers that a number holds exactly; pass a bigint`);
  }
  const least = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const integer = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : undefined;
  if (integer === undefined || integer < least || integer > most) {
    throw new PathError(`expected ${expected}, got ${value}`);
  }
  return bits === 64 ? integer : Number(integer);
}

/** A 64-bit integer of a reply as the caller wants it, never rounded. */
export function decodeInteger(value: bigint, int64: Int64): number | bigint {
  if (int64 === "bigint") return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new PathError(`a number cannot hold ${value} exactly; create the client with int64: "bigint"`);
  }
  return number;
}
