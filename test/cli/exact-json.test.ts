import { expect, test } from "vitest";
import { readExact, writeExact } from "../../src/cli/exact-json.ts";

test.each([
  "9007199254740993",
  "-9007199254740993",
  '{"a":[1,1.5,18446744073709551616,"x",null,true]}',
  "1e+300",
  '{"a":[1e400,-1e400]}',
  `1${"0".repeat(400)}`,
])("%s is read and written without a change", (text) => expect(writeExact(readExact(text))).toBe(text));

test("integers that a number holds stay numbers", () => {
  expect(readExact("[9007199254740991,0]")).toEqual([9007199254740991, 0]);
});

test("bytes are written as base64", () => {
  expect(writeExact({ data: new Uint8Array([0, 255]) })).toBe('{"data":{"base64":"AP8="}}');
});
