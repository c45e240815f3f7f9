import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = globSync("src/**/*.ts").map((file) => file.replaceAll("\\", "/"));

test.each(["ARCHITECTURE.md", "docs/decisions.md"])("%s names only files that exist", (page) => {
  const named = [...readFileSync(page, "utf8").matchAll(/`?([\w./*-]+\.ts)`?/g)].map(([, path = ""]) => path);
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
});

test("ARCHITECTURE.md names every source file, or its folder in src/testing", () => {
  const page = readFileSync("ARCHITECTURE.md", "utf8");
  const expected = files.map((file) => file.replace(/^(src\/testing\/\w+\/).*$/, "$1").replace("src/", ""));
  expect(expected.length).toBeGreaterThan(100);
  expect(
    expected.filter(
      (file) =>
        !page.includes(file.split("/").slice(-2).join("/")) &&
        !page.includes(`\`${file.split("/").at(-1)}\``),
    ),
  ).toEqual([]);
});
