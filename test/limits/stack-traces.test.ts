import { expect, test } from "vitest";
import { asOneOfMany, isOneOfMany, withoutStackTrace } from "../../src/limits/stack-traces.ts";

test("an error made without a stack trace has only its message, and the next error has a trace again", () => {
  const { stackTraceLimit } = Error;
  const bare = withoutStackTrace(() => new Error("bare"));
  expect(bare.stack).toBe("Error: bare");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  expect(new Error("full").stack).toContain("stack-traces.test.ts");
});

test("a maker that throws leaves stack traces on", () => {
  const { stackTraceLimit } = Error;
  const fail = () => {
    throw new Error("broken maker");
  };
  expect(() => withoutStackTrace(fail)).toThrow("broken maker");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("the mark of one error of many is hidden from logs, and other values have none", () => {
  const error = asOneOfMany(new Error("one"));
  expect(isOneOfMany(error)).toBe(true);
  expect(Object.keys(error)).toEqual([]);
  expect([new Error("other"), {}, undefined, null, "text", 1].filter(isOneOfMany)).toEqual([]);
});
