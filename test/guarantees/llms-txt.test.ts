import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// `npm run check` finds pages that llms.txt does not list, and docs.release.test.ts runs its snippets.
const [notes = "", ...sections] = readFileSync("llms.txt", "utf8").split(/^## .*\n/m);

test("llms.txt has a title, a summary, and notes without headings", () => {
  expect(notes).toMatch(/^# tscent\n\n> /);
  expect(notes.replaceAll(/```.*?```/gs, "").match(/^#.*$/gm)).toEqual(["# tscent"]);
});

test("each line of a section of llms.txt is a link with a description", () => {
  expect(sections.length).toBeGreaterThan(3);
  const lines = sections.flatMap((section) => section.trim().split("\n"));
  expect(lines.filter((line) => !/^- \[[^\]]+\]\([^)]+\): \S.*[^.]$/.test(line))).toEqual([]);
});

test("each TypeScript block of llms.txt is a program that runs", () => {
  expect([...notes.matchAll(/^```(.+)$/gm)].filter(([, mark]) => mark !== "ts")).toEqual([]);
});

test("llms.txt is short enough to be read before each task", () => {
  expect(notes.length + sections.join("").length).toBeLessThan(12_000);
});
