import { expect, test } from "vitest";
import { compileGlob, GlobError } from "../../src/testing/methods/glob.ts";

const names = [
  "a",
  "b",
  "ab",
  "abc",
  "a.b",
  "a:b",
  "z",
  "A",
  "-",
  "]",
  "}",
  "{a}",
  "a,b",
  "a\\b",
  "a\nb",
  "😀",
];

test.each([
  ["*", names],
  ["**", names],
  ["?", ["a", "b", "z", "A", "-", "]", "}", "😀"]],
  ["a*b", ["ab", "a.b", "a:b", "a,b", "a\\b", "a\nb"]],
  ["a?b", ["a.b", "a:b", "a,b", "a\\b", "a\nb"]],
  ["[ab]", ["a", "b"]],
  ["[a-z]", ["a", "b", "z"]],
  ["[!a-z]", ["A", "-", "]", "}", "😀"]],
  ["[-a]", ["a", "-"]],
  ["[\\]]", ["]"]],
  ["{a,ab}*", ["a", "ab", "abc", "a.b", "a:b", "a,b", "a\\b", "a\nb"]],
  ["{a,{b,z}}", ["a", "b", "z"]],
  ["{a,b", ["a", "b"]],
  ["a,b", ["a,b"]],
  ["\\{a}", ["{a}"]],
  ["}", ["}"]],
  ["a.b", ["a.b"]],
  ["a\\\\b", ["a\\b"]],
  ["a\\", ["a"]],
  ["(a|b)", []],
])("the glob %s matches as in Centrifugo", (pattern, matching) => {
  expect(names.filter(compileGlob(pattern))).toEqual(matching);
});

test.each(["[", "[a", "[]", "[!]", "[z-a]", "[a-", "[a-zA]", "[a\\", "a\ufffd", "\ud800"])(
  "compileGlob refuses %s",
  (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(GlobError);
  },
);
