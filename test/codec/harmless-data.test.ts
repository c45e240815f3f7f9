import { expect, test } from "vitest";
import { expectHarmless } from "../../src/codec/harmless-data.ts";

const check = (text: string) => expectHarmless(JSON.parse(text), new TextEncoder().encode(text));
const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${"}]".repeat(depth / 2)}`;

test.each(["1", "null", '"__proto__"', '{"a":"__proto__"}', '{"proto":{"_":[]}}', nested(500)])(
  "the data %s is harmless",
  (text) => {
    expect(() => check(text)).not.toThrow();
  },
);

test.each([
  ['{"__proto__":1}', "has the key __proto__"],
  ['[[],{"a":[{"__proto__":{}}]}]', "has the key __proto__"],
  ['{"\\u005f\\u005fproto__":1}', "has the key __proto__"],
  [nested(502), "is nested more than 500 levels deep"],
  [nested(20_000), "is nested more than 500 levels deep"],
])("the data %s is refused", (text, message) => {
  expect(() => check(text)).toThrow(message);
});

test("bytes are harmless", () => {
  expect(() => expectHarmless(new Uint8Array(5_000), new Uint8Array(5_000))).not.toThrow();
});
