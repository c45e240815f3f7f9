import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../../src/options/version.ts";

test("the version in the sources is the version of package.json", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(version).toBe(manifest.version);
});
