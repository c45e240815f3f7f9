import { expect, test } from "vitest";
import { JsonScanner } from "../../../src/codec/json/json-scanner.ts";

test.each([
  ["x:1", "got x at position 0"],
  ['x"1"', "got x at position 0"],
  ["x[1]", "got x at position 0"],
  ['x{"a":1}', "got x at position 0"],
  ["x,1", "got x at position 0"],
  [" x", "got x at position 1"],
  ["", "but the JSON ends"],
  [" \n", "but the JSON ends"],
  ['"open', 'got "open at position 0'],
  ["n".repeat(40), `got ${"n".repeat(40)} at position 0`],
  ["n".repeat(41), `got ${"n".repeat(40)}… at position 0`],
])("unexpected shows the next value of %j", (text, shown) => {
  const { message } = new JsonScanner(text).unexpected("a number");
  expect(message).toBe(`expected a number, ${shown}`);
});

test.each([
  ["", "the JSON ends early"],
  [" ", "the JSON ends early"],
  ["[1,", "the JSON ends early"],
  [" :", "no JSON value at position 1"],
  ['"a', "a string is not closed"],
  ['["a', "a string is not closed"],
])("raw refuses %j", (text, problem) => {
  expect(() => new JsonScanner(text).raw()).toThrow(expect.objectContaining({ message: problem }));
});

test("parsed says what JSON.parse says, and keeps its error as the cause", () => {
  const scanner = new JsonScanner("");
  expect(() => scanner.parsed("[1}")).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^not JSON: .+/),
      cause: expect.any(SyntaxError),
    }),
  );
});

test("takeWritten consumes a text only at the scanner's place, behind white space", () => {
  const scanner = new JsonScanner(' "a":"b":');
  expect(scanner.takeWritten('"b":')).toBe(false);
  expect(scanner.takeWritten('"a":')).toBe(true);
  expect(scanner.takeWritten('"b":')).toBe(true);
  scanner.end();
});

test.each([
  ["0}", 0],
  ["7,", 7],
  [" 42]", 42],
  ["999999999999999}", 999_999_999_999_999],
  ["100 ", 100],
])("takeSmallInteger consumes %j", (text, value) => {
  expect(new JsonScanner(text).takeSmallInteger(value)).toBe(value);
});

test.each(["1000000000000000", "00", "01", "1.5", "1e3", "-1", "101", "1", "", "x"])(
  "takeSmallInteger leaves %j to a slower reader",
  (text) => {
    const scanner = new JsonScanner(text);
    const most = text.length > 3 ? Number.MAX_SAFE_INTEGER : 100;
    expect(scanner.takeSmallInteger(most)).toBeUndefined();
    expect(scanner.takeToken((token) => token)).toBe(text);
  },
);

test("json cuts out one value, without a guess of the text behind it", () => {
  const scanner = new JsonScanner('{"a":[1]},2');
  expect(scanner.json().text).toBe('{"a":[1]}');
  expect(scanner.take(",")).toBe(true);
  expect(scanner.json().value).toBe(2);
  scanner.end();
});
