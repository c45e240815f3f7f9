import { expect, test } from "vitest";
import { parseExactly } from "../../../src/codec/json/parse-exactly.ts";

test.each([
  '{"a":9007199254740993}',
  '{"a":[18446744073709551615,1]}',
  '{"a":1e3}',
  '{"a":1.50}',
  '{"a":0.1}',
  '{"a":-0}',
  '{"a":"9007199254740993","b":null,"c":[true],"d":{"e":1.10}}',
])("JSON.stringify of the parsed %s gives the same text", (text) => {
  expect(JSON.stringify(parseExactly(text))).toBe(text);
});

test("numbers that JavaScript holds exactly, and other values, are plain values", () => {
  expect(parseExactly('{"a":1,"b":"x","c":[false,null,1.5],"d":{}}')).toEqual({
    a: 1,
    b: "x",
    c: [false, null, 1.5],
    d: {},
  });
});
