import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "release-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script in a folder that has this package.json and CHANGELOG.md. */
function runScript(script: string, manifest: object, ...args: string[]) {
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "CHANGELOG.md"), "# Changelog\n\n## 1.2.3 - 2027-01-31\n\n- An entry.\n");
  const env = { ...process.env, GITHUB_REPOSITORY: "owner/name" };
  return spawnSync("node", [resolve("scripts", script), ...args], { cwd: folder, encoding: "utf8", env });
}

test("release-notes.ts prints the notes of a tag, or fails", () => {
  const manifest = { version: "1.2.3" };
  expect(runScript("release-notes.ts", manifest, "v1.2.3")).toMatchObject({
    status: 0,
    stdout: "- An entry.\n",
  });
  const { status, stdout, stderr } = runScript("release-notes.ts", manifest, "v1.2.4");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("the tag is v1.2.4");
});

test("check-publishable.ts refuses a package without the fields of its publisher", () => {
  const { status, stderr } = runScript("check-publishable.ts", {});
  expect(status).toBe(1);
  for (const name of ["repository", "homepage", "bugs", "author"]) expect(stderr).toContain(`no \`${name}\``);
  const fields = { repository: "github:owner/name", homepage: "h", bugs: "b", author: "a" };
  expect(runScript("check-publishable.ts", fields)).toMatchObject({ status: 0, stderr: "" });
});
