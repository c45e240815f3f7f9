import { expect, test } from "vitest";
import { anchorsOf, linksOf } from "../../scripts/links/page.ts";

test("a page has links, images and definitions, each with its line", () => {
  const text = 'See [a](a.md) and [b\nc](b.md#x "Title").\n\n![chart](chart.svg)\n\n[d]: d.md\n';
  expect(linksOf(text)).toEqual([
    { line: 1, target: "a.md" },
    { line: 2, target: "b.md#x" },
    { line: 4, target: "chart.svg" },
    { line: 6, target: "d.md" },
  ]);
});

test("a link around code is a link, and code has none", () => {
  const text = "[`code`](a.md) `[b](b.md)`\n```ts\n[c](c.md)\n```\n[d](d.md)\n";
  expect(linksOf(text)).toEqual([
    { line: 1, target: "a.md" },
    { line: 5, target: "d.md" },
  ]);
});

test.each([
  ["# Data and 64-bit integers", "data-and-64-bit-integers"],
  ["## `publishMany`, `broadcastMany`", "publishmany-broadcastmany"],
  ["### Was it executed?", "was-it-executed"],
  ["## A/B & C", "ab--c"],
  ["## snake_case and naïve Ü", "snake_case-and-naïve-ü"],
  ["## See [errors](errors.md)", "see-errors"],
  ["## Closed ##", "closed"],
])("GitHub's anchor of %s is %s", (heading, anchor) => {
  expect([...anchorsOf(`${heading}\n`)]).toEqual([anchor]);
});

test("headings of the same name get numbers, and lines of code are no headings", () => {
  expect([...anchorsOf("# One\n```sh\n# Two\n```\n## One\n## One\n")]).toEqual(["one", "one-1", "one-2"]);
});
