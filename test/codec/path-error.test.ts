import { describe, expect, test } from "vitest";
import { asPathError, asTypeError, PathError, runNamed } from "../../src/codec/path-error.ts";

const cause = new Error("the cause");
const failing = (error: unknown) => () => {
  throw error;
};

describe("the name of a function in errors", () => {
  test("a PathError becomes a TypeError with the name, the path and the cause", () => {
    const run = () => runNamed("close", failing(new PathError("is wrong", { path: "timeoutMs", cause })));
    expect(run).toThrow(new TypeError("close: timeoutMs: is wrong", { cause }));
    const plain = asTypeError("close", new PathError("is wrong"));
    expect(plain).toEqual(new TypeError("close: is wrong"));
    expect(plain).not.toHaveProperty("cause");
  });

  test("another error stays as it is", () => {
    expect(() => runNamed("close", failing(cause))).toThrow(cause);
    expect(asTypeError("close", cause)).toBe(cause);
  });

  test("the result of work is passed on", () => {
    expect(runNamed("a", () => 1)).toBe(1);
  });
});

test("asPathError keeps a PathError, and makes one of anything else, with its cause", () => {
  const known = new PathError("is required").under("channel");
  expect(asPathError(known)).toBe(known);
  const failed = new RangeError("a getter failed");
  expect(asPathError(failed)).toMatchObject({ message: "a getter failed", cause: failed, path: "" });
  expect(asPathError("text")).toMatchObject({ message: "the request could not be read", cause: "text" });
});
