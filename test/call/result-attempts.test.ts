import { expect, test } from "vitest";
import { attemptsOf, keepAttempts } from "../../src/call/result-attempts.ts";

test("a result knows how often its request was sent, and does not show it", () => {
  const result = keepAttempts({ offset: 1 }, 3);
  expect(attemptsOf(result)).toBe(3);
  expect(result).toStrictEqual({ offset: 1 });
});

test("a request without a count was sent once", () => {
  expect(attemptsOf({})).toBe(1);
  expect(attemptsOf(keepAttempts({}, 1))).toBe(1);
});
