import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type * as Errors from "../../src/errors/cent-error.ts";
import { CentApiResponseError, CentError, CentNetworkError } from "../../src/errors/cent-error.ts";

/** The classes of another copy of the package, as a process has them that uses both `import` and `require`. */
let other: typeof Errors;

beforeAll(async () => {
  vi.resetModules();
  other = await import("../../src/errors/cent-error.ts");
});
afterAll(() => void vi.resetModules());

test("instanceof knows an error of another copy of the package, and tells its class", () => {
  const error = new other.CentNetworkError("x");
  expect(other.CentNetworkError).not.toBe(CentNetworkError);
  expect([CentError, CentNetworkError, CentApiResponseError].map((one) => error instanceof one)).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([undefined, null, 0, "text", {}, Object.create(null), new Error("x"), () => {}])(
  "%o is no instance of an error class",
  (value) => {
    expect(value instanceof CentError).toBe(false);
  },
);

test("a class that a user derives has its own instances only", () => {
  class Refused extends CentApiResponseError {}
  const refused = new Refused(103, "x");
  expect([refused instanceof Refused, refused instanceof CentApiResponseError]).toEqual([true, true]);
  expect(new CentApiResponseError(103, "x") instanceof Refused).toBe(false);
  expect(new other.CentApiResponseError(103, "x") instanceof Refused).toBe(false);
});
