import { expect, test } from "vitest";
import { toSeconds } from "../../src/codec/seconds.ts";

test.each([
  [new Date(1_900_000_000_999), 1_900_000_000],
  [1_900_000_000, 1_900_000_000],
  [1_900_000_000.7, 1_900_000_000],
  [1_900_000_000n, 1_900_000_000n],
  [1, 1],
  [99_999_999_999, 99_999_999_999],
])("the time %s becomes %s seconds", (time, seconds) => {
  expect(toSeconds(time)).toBe(seconds);
});

test.each([
  [1_900_000_000_000, "got 1900000000000, which looks like milliseconds"],
  [1_900_000_000_000n, "got 1900000000000, which looks like milliseconds"],
  [100_000_000_000, "which looks like milliseconds"],
  [0, "expected a time after 1970, got 0"],
  [0.5, "expected a time after 1970, got 0"],
  [-1n, "expected a time after 1970, got -1"],
  [new Date(0), "expected a time after 1970, got 0"],
  [new Date(Number.NaN), "expected a Date or Unix seconds, got an invalid Date"],
  [Number.NaN, "expected a Date or Unix seconds, got NaN"],
  [Number.POSITIVE_INFINITY, "expected a Date or Unix seconds, got Infinity"],
  ["1900000000", "expected a Date or Unix seconds, got string"],
  [null, "expected a Date or Unix seconds, got null"],
])("the time %s is refused", (time, message) => {
  expect(() => toSeconds(time)).toThrow(message);
});
