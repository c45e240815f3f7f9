import { expect, test } from "vitest";
import { JsonBytes } from "../../src/codec/json-bytes.ts";

test("JsonBytes are the UTF-8 of their text", () => {
  const text = ' {"é":"😀\\u2028"} ';
  const bytes = new JsonBytes(text);
  expect(bytes.text).toBe(text);
  expect([...bytes]).toEqual([...Buffer.from(text)]);
  expect(bytes.byteLength).toBe(Buffer.byteLength(text));
});

test("JsonBytes parse their value once, and never if it is given", () => {
  const bytes = new JsonBytes('{"a":1}');
  expect(bytes.value).toEqual({ a: 1 });
  expect(bytes.value).toBe(bytes.value);
  const value = {};
  expect(new JsonBytes("not looked at", value).value).toBe(value);
  expect(new JsonBytes("null").value).toBe(null);
  expect(new JsonBytes("1", undefined).value).toBe(1);
});

test("parts and copies of JsonBytes are plain bytes", () => {
  const bytes = new JsonBytes("[12]");
  for (const derived of [
    bytes.slice(1, 3),
    bytes.subarray(1, 3),
    bytes.map((byte) => byte),
    bytes.filter(() => true),
  ]) {
    expect(derived).toBeInstanceOf(Uint8Array);
    expect(derived).not.toBeInstanceOf(JsonBytes);
  }
  expect(Buffer.from(bytes.subarray(1, 3)).toString()).toBe("12");
});
