import { describe, expect, test } from "vitest";
import { deny, disconnect, expired } from "../../src/proxy/index.ts";
import { isRefusal } from "../../src/proxy/refusals.ts";

const any = (code: unknown) => code as number;

describe("deny", () => {
  test("deny has a message and a code by default", () => {
    expect(deny()).toEqual({ kind: "deny", code: 403, message: "permission denied", temporary: false });
    expect(deny("no", { code: 400, temporary: true })).toEqual({
      kind: "deny",
      code: 400,
      message: "no",
      temporary: true,
    });
  });

  test.each([0, 100, 399, 2000, -403, 403.5, Number.NaN, "403", null])("the code %s is refused", (code) => {
    expect(() => deny("no", { code: any(code) })).toThrow(/^deny: code: expected 400 to 1999, got /);
  });

  test.each([400, 999, 1000, 1999])("the code %d is taken", (code) => {
    expect(deny("no", { code }).code).toBe(code);
  });

  test.each([7, null, {}, "\ud800"])("the message %j is refused", (message) => {
    expect(() => deny(message as string)).toThrow(TypeError);
  });
});

describe("disconnect", () => {
  test.each([3000, 3501, 3999, 5000, 4500.5, "4500"])("the code %s is refused", (code) => {
    expect(() => disconnect(any(code), "x")).toThrow(/^disconnect: code: expected 4000 to 4999, got /);
  });

  test.each([
    ["a".repeat(123), 123],
    ["ü".repeat(61), 122],
    ["", 0],
  ])("a reason of at most 123 bytes is taken", (reason) => {
    expect(disconnect(4999, reason)).toEqual({ kind: "disconnect", code: 4999, reason });
  });

  test.each([
    ["a".repeat(124), 124],
    ["ü".repeat(62), 124],
  ])("a longer reason is refused, counted in bytes", (reason, bytes) => {
    expect(() => disconnect(4000, reason)).toThrow(
      `disconnect: reason: expected at most 123 bytes, got ${bytes}`,
    );
  });

  test("a reason that is no text is refused", () => {
    expect(() => disconnect(4000, undefined as never)).toThrow(TypeError);
  });
});

test("data that looks like a refusal is none", () => {
  for (const one of [deny(), disconnect(4000, ""), expired()]) {
    expect(isRefusal(one)).toBe(true);
    expect(isRefusal(JSON.parse(JSON.stringify(one)))).toBe(false);
    expect(isRefusal({ ...one })).toBe(false);
  }
});
