import { ScalarType } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import type { Int64 } from "../../src/codec/integers.ts";
import { decodeInteger, encodeInteger, integerRange } from "../../src/codec/integers.ts";
import { PathError } from "../../src/codec/path-error.ts";

const int32 = { bits: 32, signed: true, least: -2147483648n, most: 2147483647n } as const;
const uint32 = { bits: 32, signed: false, least: 0n, most: 4294967295n } as const;
const int64 = { bits: 64, signed: true, least: -9223372036854775808n, most: 9223372036854775807n } as const;
const uint64 = { bits: 64, signed: false, least: 0n, most: 18446744073709551615n } as const;

test("each integer type has its range, and other types have none", () => {
  const ranges = Object.fromEntries(
    Object.entries(ScalarType)
      .filter(([name]) => Number.isNaN(Number(name)))
      .map(([name, type]) => [name, integerRange(type as ScalarType)]),
  );
  expect(ranges).toEqual({
    ...{ INT32: int32, SINT32: int32, SFIXED32: int32, UINT32: uint32, FIXED32: uint32 },
    ...{ INT64: int64, SINT64: int64, SFIXED64: int64, UINT64: uint64, FIXED64: uint64 },
    ...{ DOUBLE: undefined, FLOAT: undefined, BOOL: undefined, STRING: undefined, BYTES: undefined },
  });
});

describe("a caller's integer", () => {
  test("a number or a bigint becomes the type that the message holds", () => {
    expect(encodeInteger(5, uint64)).toBe(5n);
    expect(encodeInteger(5n, uint64)).toBe(5n);
    expect(encodeInteger(5, int32)).toBe(5);
    expect(encodeInteger(5n, int32)).toBe(5);
    expect(encodeInteger(-0, uint64)).toBe(0n);
  });

  test.each([
    ["int32", int32, -(2n ** 31n), 2n ** 31n - 1n],
    ["uint32", uint32, 0n, 2n ** 32n - 1n],
    ["int64", int64, -(2n ** 63n), 2n ** 63n - 1n],
    ["uint64", uint64, 0n, 2n ** 64n - 1n],
  ] as const)(
    "an integer of type %s may be anywhere in its range, and not outside",
    (_name, range, least, most) => {
      const expected = `expected a ${range.signed ? "" : "non-negative "}${range.bits}-bit integer, got `;
      expect(BigInt(encodeInteger(least, range))).toBe(least);
      expect(BigInt(encodeInteger(most, range))).toBe(most);
      expect(() => encodeInteger(least - 1n, range)).toThrow(`${expected}${least - 1n}`);
      expect(() => encodeInteger(most + 1n, range)).toThrow(`${expected}${most + 1n}`);
    },
  );

  test.each([1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -1074])(
    "%s is refused as an integer",
    (value) => {
      expect(() => encodeInteger(value, uint64)).toThrow(PathError);
      expect(() => encodeInteger(value, uint64)).toThrow(
        `expected a non-negative 64-bit integer, got ${value}`,
      );
    },
  );

  test("a number that is not an exact integer is refused", () => {
    expect(encodeInteger(Number.MAX_SAFE_INTEGER, uint64)).toBe(9007199254740991n);
    for (const value of [2 ** 53, 2 ** 64, 1e300]) {
      expect(() => encodeInteger(value, uint64)).toThrow(
        `${value} is beyond the integers that a number holds exactly; pass a bigint`,
      );
    }
    expect(() => encodeInteger(Number.MIN_SAFE_INTEGER - 1, int64)).toThrow("pass a bigint");
    expect(encodeInteger(BigInt(2 ** 53) + 1n, uint64)).toBe(9007199254740993n);
  });

  test.each([
    ["5", "string"],
    [true, "boolean"],
    [null, "null"],
    [undefined, "undefined"],
    [{}, "object"],
    [[5], "object"],
  ])("%o is refused as an integer", (value, type) => {
    expect(() => encodeInteger(value, uint32)).toThrow(`expected a non-negative 32-bit integer, got ${type}`);
  });
});

describe("a reply's integer", () => {
  const decode = (value: bigint, mode: Int64) => decodeInteger(value, mode);

  test("an integer of a reply is a number up to 2^53 - 1", () => {
    for (const value of [0n, 1n, -1n, 9007199254740991n, -9007199254740991n]) {
      expect(decode(value, "number")).toBe(Number(value));
    }
  });

  test("an integer of a reply beyond 2^53 - 1 throws an error that names the option", () => {
    for (const value of [9007199254740992n, 9007199254740993n, -9007199254740992n, 18446744073709551615n]) {
      expect(() => decode(value, "number")).toThrow(PathError);
      expect(() => decode(value, "number")).toThrow(
        `a number cannot hold ${value} exactly; create the client with int64: "bigint"`,
      );
    }
  });

  test('an integer of a reply is always a bigint with int64: "bigint"', () => {
    for (const value of [0n, 18446744073709551615n, -9223372036854775808n])
      expect(decode(value, "bigint")).toBe(value);
  });
});
