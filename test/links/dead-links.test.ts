import { expect, test } from "vitest";
import { deadDocLinks, deadLinks, reachedFrom } from "../../scripts/links/dead-links.ts";

const pages = new Map([
  ["README.md", "# Top\n[a](docs/a.md) [web](https://example.com/x) [top](#top)\n"],
  ["docs/a.md", "# A\n## Codes\n[top](../README.md#top)\n[b](b.md#codes) [folder](../examples/)\n"],
  ["docs/b.md", "# B\n## Codes\n"],
]);
const files = new Set([...pages.keys(), "examples", "chart.svg"]);
const dead = (page: string, text: string) =>
  deadLinks(new Map([...pages, [page, text]]), (path) => files.has(path) || path === page);

test("links to files, folders, headings and the web are not dead", () => {
  expect(deadLinks(pages, (path) => files.has(path))).toEqual([]);
});

test.each([
  ["a page that is gone", "[x](gone.md)", "gone.md"],
  ["a page as seen from another folder", "[x](docs/a.md)", "docs/a.md"],
  ["a heading of another page", "[x](a.md#gone)", "a.md#gone"],
  ["a heading of its own", "[x](#gone)", "#gone"],
  ["a heading with capitals", "[x](a.md#Codes)", "a.md#Codes"],
  ["a heading of a picture", "[x](../chart.svg#codes)", "../chart.svg#codes"],
  ["a picture", "![x](chart.svg)", "chart.svg"],
])("a link to %s is dead", (_what, text, target) => {
  expect(dead("docs/c.md", `# C\n\n${text}\n`)).toEqual([`docs/c.md:3: ${target}`]);
});

test("a reader reaches the pages that the README links, and with two steps theirs", () => {
  expect(reachedFrom("README.md", pages, 1)).not.toContain("docs/b.md");
  expect(reachedFrom("README.md", pages, 2)).toContain("docs/b.md");
});

test("a doc comment links to a name that its file declares or imports", () => {
  expect(
    deadDocLinks('import type { A } from "./a.ts";\n/** See {@link A} and {@link b}. */\nconst b = 1;\n'),
  ).toEqual([]);
  expect(deadDocLinks("/** See {@link Gone}, not Gone. */\nconst b = 1;\n")).toEqual(["Gone"]);
});
