import { expect, test } from "vitest";
import { oneLine, shortLine } from "../../src/codec/one-line.ts";

test("oneLine writes characters that move or hide text as their codes, and keeps other ones", () => {
  expect(oneLine("a\nb\r\tc\u0000\u001b[31m")).toBe("a\\x0ab\\x0d\\x09c\\x00\\x1b[31m");
  expect(oneLine("\u0085\u061c\u2028\u2029\u202e")).toBe("\\x85\\u061c\\u2028\\u2029\\u202e");
  expect(oneLine("é 😀 \u00a0")).toBe("é 😀 \u00a0");
});

test("shortLine cuts a text, but no character of two units", () => {
  expect(shortLine("a".repeat(200))).toBe("a".repeat(200));
  expect(shortLine("a".repeat(201))).toBe(`${"a".repeat(200)}…`);
  expect(shortLine("ab\ncd", 3)).toBe("ab\\x0a…");
  expect(shortLine("a😀b", 2)).toBe("a\ufffd…");
});
