import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { recordedService } from "../harness/schema-release.ts";

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

test("llms.txt names each method of an open-source server, with fields that it has", () => {
  const calls = [...notes.matchAll(/`(\w+)\((?:\{ ([\w, ]+) \})?\)`/g)];
  const { methods } = methodTable(recordedService);
  const named = calls.map(([, name]) => name);
  expect(named.sort()).toEqual(methods.flatMap(({ name }) => (proMethods.includes(name) ? [] : name)).sort());
  for (const [, name = "", fields = ""] of calls) {
    const known = methodTable(CentrifugoApi)
      .byName(name)
      ?.rpc.input.fields.map(({ localName }) => localName);
    expect(known).toEqual(expect.arrayContaining(fields.split(", ").filter(Boolean)));
  }
});
