import { ScalarType } from "../schema/scalar-type.ts";
import { PathError } from "./path-error.ts";

/** The type of 64-bit integers in results. */
export type Int64 = "number" | "bigint";

/** The range of an integer type. */
export interface IntegerRange {
  readonly bits: 32 | 64;
  readonly signed: boolean;
  readonly least: bigint;
  readonly most: bigint;
}

const int32 = { bits: 32, signed: true, least: -(2n ** 31n), most: 2n ** 31n - 1n } as const;
const uint32 = { bits: 32, signed: false, least: 0n, most: 2n ** 32n - 1n } as const;
const int64 = { bits: 64, signed: true, least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;
const uint64 = { bits: 64, signed: false, least: 0n, most: 2n ** 64n - 1n } as const;

const { INT32, SINT32, SFIXED32, UINT32, FIXED32, INT64, SINT64, SFIXED64, UINT64, FIXED64 } = ScalarType;

/** The range of a scalar type; undefined if it is not an integer. */
export function integerRange(type: ScalarType): IntegerRange | undefined {
  if ([INT32, SINT32, SFIXED32].includes(type)) return int32;
  if ([UINT32, FIXED32].includes(type)) return uint32;
  if ([INT64, SINT64, SFIXED64].includes(type)) return int64;
  if ([UINT64, FIXED64].includes(type)) return uint64;
  return undefined;
}

/** Converts a caller's integer to the generated message's type: bigint for 64 bits, number for 32. */
export function encodeInteger(value: unknown, { bits, signed, least, most }: IntegerRange): number | bigint {
  const expected = `a ${signed ? "" : "non-negative "}${bits}-bit integer`;
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new PathError(`expected ${expected}, got ${value === null ? "null" : typeof value}`);
  }
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new PathError(`${value} is beyond the integers that a number holds exactly; pass a bigint`);
  }
  const integer = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : undefined;
  if (integer === undefined || integer < least || integer > most) {
    throw new PathError(`expected ${expected}, got ${value}`);
  }
  return bits === 64 ? integer : Number(integer);
}

/** Converts a 64-bit integer of a reply to the type that the client asked for, never rounded. */
export function decodeInteger(value: bigint, int64: Int64): number | bigint {
  if (int64 === "bigint") return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new PathError(`a number cannot hold ${value} exactly; create the client with int64: "bigint"`);
  }
  return number;
}
