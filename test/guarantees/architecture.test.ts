import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = globSync("src/**/*.ts").map((file) => file.replaceAll("\\", "/"));

test.each(["ARCHITECTURE.md", "docs/decisions.md"])(
  "%s names only files that there are",
  (page) => {
    const named = [...readFileSync(page, "utf8").matchAll(/`?([\w./*-]+\.ts)`?/g)].map(
      ([, path = ""]) => path,
    );
    const inSources = named.filter(
      (path) => !/^(?:test|scripts|bench|docs|examples)\//.test(path) && !path.includes("*"),
    );
    const outside = globSync("{test,scripts,bench,docs,examples}/**/*.ts").map((file) =>
      file.replaceAll("\\", "/"),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(inSources.filter((path) => !files.some((file) => `/${file}`.endsWith(`/${path}`)))).toEqual([]);
    const elsewhere = named.filter((path) => !inSources.includes(path) && !path.includes("*"));
    expect(elsewhere.filter((path) => !outside.includes(path))).toEqual([]);
  },
);

test("ARCHITECTURE.md names every folder of src", () => {
  const page = readFileSync("ARCHITECTURE.md", "utf8");
  const folders = new Set(
    files.map((file) => file.split("/").slice(1, -1).join("/")).filter((folder) => folder !== ""),
  );
  expect(folders.size).toBeGreaterThan(10);
  expect([...folders].filter((folder) => !page.includes(`${folder.split("/").at(-1)}/`))).toEqual([]);
});
