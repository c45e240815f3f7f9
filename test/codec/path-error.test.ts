import { describe, expect, test } from "vitest";
import { asTypeError, PathError, runNamed } from "../../src/codec/path-error.ts";

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
