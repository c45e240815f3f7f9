import { expect, test } from "vitest";
import { withPlainSpaces } from "./plain-spaces.ts";

test.each([
  "proto: cannot parse",
  "proto:%C2%A0cannot parse",
  "proto:%c2%a0cannot%C2%A0parse",
  "proto:\u00a0cannot parse",
])("%j equals the same message of another build", (message) =>
  expect(withPlainSpaces(message)).toBe("proto: cannot parse"),
);

test.each([null, undefined, "", "100%25 sure"])("a message of %j stays as it is", (message) => {
  expect(withPlainSpaces(message)).toBe(message);
});
