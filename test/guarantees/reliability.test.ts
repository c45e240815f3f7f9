import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = readFileSync("docs/reliability.md", "utf8");
const promises = [...page.matchAll(/^\| (?!promise|---)(.*) \| (.*) \|$/gm)].map(
  ([, promise = "", named = ""]) => [promise, named] as const,
);

describe("docs/reliability.md", () => {
  test("docs/reliability.md has more than 30 promises", () => expect(promises.length).toBeGreaterThan(30));

  test.each(promises)("%s", (promise, named) => {
    const file = /^`(test\/\S+\.test\.ts)`$/.exec(named)?.[1] ?? expect.fail(`${named} is no test file`);
    expect(existsSync(file)).toBe(true);
    // A file that is there but has no tests would keep no promise.
    expect(readFileSync(file, "utf8")).toMatch(/\btest(?:\.each)?\(/);
    expect(promise).toMatch(/^[^.]+(?:\.\w[^.]*)*\.$/);
  });
});
