import { afterEach, describe, expect, test } from "vitest";
import { count, expectOptions, milliseconds, optionChecks, shown } from "../../src/options/option-checks.ts";

interface Options {
  delayMs?: number | undefined;
  nested?: { size?: number } | undefined;
}

const checks = optionChecks<Options>({ delayMs: milliseconds, nested: { size: shown(count) } });
const tooEarly = "delayMs: expected milliseconds from 0 to 2147483647";

describe("invalid options", () => {
  class OfClass {
    get delayMs() {
      return -1;
    }
  }

  test.each<[string, unknown, string]>([
    ["undefined", undefined, "options: expected an object"],
    [
      "a name from Object.prototype",
      { toString: 1 },
      "toString: unknown option; expected one of delayMs, nested",
    ],
    ["an accessor of a class", new OfClass(), tooEarly],
    ["an inherited value", Object.create({ delayMs: -1 }), tooEarly],
    ["an object without a prototype", Object.assign(Object.create(null), { delayMs: -1 }), tooEarly],
    ["a group that is not an object", { nested: "x" }, "nested: expected an object, got string"],
    [
      "an unknown name in a group",
      { nested: { sise: 1 } },
      "nested.sise: unknown option; did you mean size?",
    ],
    ["a wrong value in a group", { nested: { size: 0 } }, "nested.size: expected an integer above 0, got 0"],
    [
      "a symbol in a group",
      { nested: { size: Symbol("a") } },
      "nested.size: expected an integer above 0, got Symbol(a)",
    ],
  ])("expectOptions refuses %s, and names it", (_title, options, message) => {
    expect(() => expectOptions(options, checks)).toThrow(expect.objectContaining({ message }));
  });
});

describe("valid options", () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, "polluted");
  });

  test.each([{}, { delayMs: 5, nested: { size: 1 } }, { delayMs: undefined, nested: undefined }, new Map()])(
    "expectOptions accepts %o",
    (options) => {
      expect(() => expectOptions(options, checks)).not.toThrow();
    },
  );

  test("expectOptions ignores properties that other code adds to Object.prototype", () => {
    Object.assign(Object.prototype, { polluted: 1 });
    expect(() => expectOptions({ delayMs: 5 }, checks)).not.toThrow();
  });
});

test("optionChecks takes checks, and groups of checks in any depth", () => {
  const deep = optionChecks<{ a?: number; b?: { c?: { d?: number } } }>({ a: count, b: { c: { d: count } } });
  expect(() => expectOptions({ a: 1, b: { c: { d: 1 } } }, deep)).not.toThrow();
  expect(() => expectOptions({ a: 0 }, deep)).toThrow("a: expected an integer above 0");
  expect(() => expectOptions({ b: { c: { d: 0 } } }, deep)).toThrow("b.c.d: expected an integer above 0");
  expect(() => expectOptions({ b: { c: { size: 0 } } }, deep)).toThrow(
    /^b\.c\.size: unknown option; expected d$/,
  );
});

test("a group without a check for each option does not compile", () => {
  // @ts-expect-error nested is missing
  optionChecks<Options>({ delayMs: milliseconds });
  // @ts-expect-error nested.size is missing
  optionChecks<Options>({ delayMs: milliseconds, nested: {} });
});
