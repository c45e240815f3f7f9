import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "links-"));
afterAll(() => rmSync(folder, { recursive: true }));

function checkWith(files: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return spawnSync("node", [resolve("scripts/check-links.ts")], { cwd: folder, encoding: "utf8" });
}

test("the check of links ends with exit code 1 for each kind of fault, and names it", () => {
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  for (const name of ["docs", "src", "dist"]) mkdirSync(join(folder, name));
  const sound = {
    "README.md": "# Top\n\n[errors](docs/errors.md#codes)\n",
    "llms.txt": "# Top\n\n- [errors](docs/errors.md): codes\n",
    "docs/errors.md": "# Errors\n\n## Codes\n\n[source](../src/)\n",
    "src/call.ts": "/** See {@link call}. */\nexport const call = 1;\n",
    "dist/call.js": "",
    ".gitignore": "dist\n",
  };
  expect(checkWith(sound)).toMatchObject({ status: 0, stdout: "No link in 3 pages is dead.\n", stderr: "" });
  const { status, stderr } = checkWith({
    "README.md": "# Top\n\n[errors](docs/errors.md#code) [built](dist/call.js)\n",
    "docs/paging.md": "# Paging\n",
    "src/call.ts": "/** See {@link recall}. */\nexport const call = 1;\n",
  });
  expect([status, stderr.trim().split("\n")]).toEqual([
    1,
    [
      "README.md:3: docs/errors.md#code does not exist",
      "README.md:3: dist/call.js does not exist",
      "src/call.ts has no recall for its {@link recall}",
      "README.md does not lead to docs/paging.md",
      "llms.txt does not lead to docs/paging.md",
    ],
  ]);
});
