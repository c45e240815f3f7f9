import { expect, test } from "vitest";
import { didYouMean } from "../../src/codec/did-you-mean.ts";

const known = ["channel", "data", "skipHistory", "tags", "idempotencyKey", "url", "apiKey", "timeoutMs"];

test.each([
  ["chanel", "channel"],
  ["channels", "channel"],
  ["chnanel", "channel"],
  ["dat", "data"],
  ["skip_history", "skipHistory"],
  ["SkipHistory", "skipHistory"],
  ["idempotency-key", "idempotencyKey"],
  ["apikey", "apiKey"],
  ["timeout", "timeoutMs"],
  ["ulr", "url"],
])("didYouMean guesses for %j that %j was meant", (name, meant) => {
  expect(didYouMean(name, known)).toBe(`did you mean ${meant}?`);
});

test.each(["", "x", "limit", "token", "base_url", "$typeName", "adtaxy", "x".repeat(1_000_000), "😀😀"])(
  "didYouMean has no guess for %.20j",
  (name) => {
    expect(didYouMean(name, known)).toBeUndefined();
  },
);

test.each(["daxx", "daax", "daxt"])(
  "didYouMean counts two changes for %j, which swaps no neighbours",
  (name) => {
    expect(didYouMean(name, ["data"])).toBeUndefined();
  },
);

test("didYouMean guesses names of one letter", () => expect(didYouMean("K", ["k"])).toBe("did you mean k?"));

test("didYouMean has no guess without known names", () => expect(didYouMean("a", [])).toBeUndefined());

test("didYouMean guesses names of up to 40 characters, as longer ones would take long", () => {
  const name = (length: number) => "n".repeat(length);
  expect(didYouMean(name(40), [name(40)])).toBe(`did you mean ${name(40)}?`);
  expect(didYouMean(name(41), [name(41)])).toBeUndefined();
});
