import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { duration, durationSeconds, futureTime, secondsOf, time } from "../../src/options/time-checks.ts";

const now = 1_800_000_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: now * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("times", () => {
  test.each<[unknown, number]>([
    [now, now],
    [now + 0.9, now],
    [new Date(now * 1_000 + 999), now],
    [1, 1],
  ])("%s is a time, in whole seconds", (value, seconds) => {
    expect([time(value), secondsOf(value)]).toEqual([true, seconds]);
  });

  test.each<[unknown, string]>([
    [`${now}`, "a Date, or seconds since 1970, got string"],
    [new Date(Number.NaN), "a Date, or seconds since 1970, got a Date"],
    [Number.NaN, "a Date, or seconds since 1970, got NaN"],
    [0, "a Date, or seconds since 1970, got 0"],
    [-1, "a Date, or seconds since 1970, got -1"],
    [null, "a Date, or seconds since 1970, got null"],
    [BigInt(now), `a Date, or seconds since 1970, got ${now}`],
    [now * 1_000 + 1, `seconds since 1970, got milliseconds: pass ${now} or new Date(${now * 1_000 + 1})`],
    [1e11, "seconds since 1970, got milliseconds: pass 100000000 or new Date(100000000000)"],
  ])("%s is no time", (value, message) => {
    expect(time(value)).toBe(message);
  });

  test("the last second before milliseconds begin is a time", () => {
    expect(time(1e11 - 1)).toBe(true);
  });

  test("a time in the future is later than the present second", () => {
    expect(futureTime(now + 1)).toBe(true);
    expect(futureTime(now)).toBe(
      "a time in the future, got 2027-01-15T08:00:00.000Z; a duration goes into expiresIn",
    );
    expect(futureTime(3_600)).toMatch(/^a time in the future, got 1970-01-01T01:00:00.000Z/);
    expect(futureTime(Date.now() + 1)).toMatch(/^seconds since 1970, got milliseconds/);
    expect(futureTime("x")).toMatch(/^a Date/);
  });
});

describe("durations", () => {
  test.each<[unknown, number]>([
    [1, 1],
    [90.9, 90],
    ["90s", 90],
    ["15m", 900],
    ["1h", 3_600],
    ["1.5h", 5_400],
    ["7d", 604_800],
    [3_653 * 86_400, 3_653 * 86_400],
  ])("%s is a duration", (value, seconds) => {
    expect([duration(value), durationSeconds(value)]).toEqual([true, seconds]);
  });

  const expected = 'seconds, or a duration as in "90s", "15m", "1h" or "7d"';

  test.each<[unknown, string]>([
    ["1w", `${expected}, of one second or more, got "1w"`],
    ["1 h", `${expected}, of one second or more, got "1 h"`],
    ["-1h", `${expected}, of one second or more, got "-1h"`],
    ["3600", `${expected}, of one second or more, got "3600"`],
    ["x".repeat(99), `${expected}, of one second or more, got "${"x".repeat(40)}"`],
    [0.9, `${expected}, of one second or more, got 0.9`],
    [0, `${expected}, of one second or more, got 0`],
    [Number.NaN, `${expected}, of one second or more, got NaN`],
    [null, `${expected}, of one second or more, got null`],
    [new Date(), `${expected}, of one second or more, got a Date`],
    [
      3_653 * 86_400 + 1,
      `${expected}, of ten years or less, got 315619201; in milliseconds it was 315619.201 seconds`,
    ],
    ["9999d", `${expected}, of ten years or less, got "9999d"; in milliseconds it was 863913.6 seconds`],
    [now + 3_600, `${expected}, of ten years or less, got 1800003600; a time goes into expiresAt`],
    [now * 1_000, `${expected}, of ten years or less, got 1800000000000; a time goes into expiresAt`],
  ])("%s is no duration", (value, message) => {
    expect(duration(value)).toBe(message);
  });

  test("a text of any whole number and unit is as many seconds", () => {
    const units = { s: 1, m: 60, h: 3_600, d: 86_400 };
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("s", "m", "h", "d"), (count, unit) => {
        expect(durationSeconds(`${count}${unit}`)).toBe(count * units[unit]);
      }),
    );
  });
});
