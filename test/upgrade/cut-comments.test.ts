import { expect, test } from "vitest";
import { commentLines, cutComments, packageOf } from "../../scripts/upgrade/cut-comments.ts";

test.each([
  ["a line comment on its own line goes with the line", "a;\n  // b\n  c;", "a;\n  c;"],
  ["a line comment behind a statement goes alone", "a; // b\nc;", "a; \nc;"],
  ["a line comment at the end of the file goes", "a;\n// b", "a;\n"],
  ["a block comment leaves the words around it apart", "string/* a\n// b */c;", "string c;"],
  ["a block comment ends at its first end", "/* a /* b */ c */", "  c */"],
  ["a block comment of one slash and asterisk goes on", "a /*/ b */ c", "a   c"],
  ["a block comment in a line comment opens nothing", "// /* a\nb; /* c */", "b;  "],
  ["a line comment in a block comment does not reach behind it", "/* // */ a;", "  a;"],
  ["slashes in a string stay", 'a = "b // c" /* d */;', 'a = "b // c"  ;'],
  ["a comment in a string of single quotes stays", "a = '/* \" */' // b", "a = '/* \" */' "],
  ["an escaped quote does not end its string", 'a = "\\"// b"; // c', 'a = "\\"// b"; '],
  ["a quote in a comment opens no string", "// it's\na; // \"\nb;", "a; \nb;"],
  ["a line that ends with a carriage return is no other", "// a\r\nb;\r\n", "b;\r\n"],
])("%s", (_title, text, expected) => {
  expect(cutComments(text)).toBe(expected);
});

test("the lines of comments come without slashes, asterisks and empty lines", () => {
  const text = '// a\n//\n/* b\n * c */ x = "// d"; /** e */\n//f // g';
  expect(commentLines(text)).toEqual(["a", "b", "c", "e", "f // g"]);
});

test.each([
  ['syntax = "proto3"; package a.b ;', "a.b"],
  ["// package a;\n/* package b; */ package c;", "c"],
  ["message package { string x = 1; }", undefined],
  ["<!DOCTYPE html>", undefined],
])("the package of %j is %s", (text, expected) => {
  expect(packageOf(text)).toBe(expected);
});
