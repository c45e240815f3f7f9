import { expect, test } from "vitest";
import { EndGuesser } from "../../../src/codec/json/end-guesser.ts";

const following = ',"offset":';

test("a guess succeeds if JSON ends right before the expected text", () => {
  const text = '{"a":1},"offset":1';
  expect(new EndGuesser(text).valueBefore(following, 0)).toEqual({ text: '{"a":1}', value: { a: 1 } });
});

test.each([
  ["the expected text is inside the value", '{"a":1,"offset":1},"offset":1'],
  ["the expected text is missing", '{"a":1}'],
  ["white space is before the expected text", '{"a":1} ,"offset":1'],
  ["the value is not JSON", '{"a"},"offset":1'],
])("a guess fails if %s", (_why, text) => {
  expect(new EndGuesser(text).valueBefore(following, 0)).toBe(undefined);
});

test("the guesser stops after three wrong guesses", () => {
  const text = '1 2,"offset":3,"offset":';
  const start = text.indexOf("3");
  const guesser = new EndGuesser(text);
  for (let wrong = 0; wrong < 3; wrong++) {
    expect(guesser.valueBefore(following, start)).toEqual({ text: "3", value: 3 });
    expect(guesser.valueBefore(following, 0)).toBe(undefined);
  }
  expect(guesser.valueBefore(following, start)).toBe(undefined);
});
