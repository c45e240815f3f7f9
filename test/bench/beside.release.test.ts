import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contenderNames } from "../../bench/contenders/all.ts";
import { workloads } from "../../bench/workloads.ts";
import { installPackage } from "../cli/install-package.ts";

const folder = mkdtempSync(join(tmpdir(), "beside-test-"));
const tarball = join(folder, "tscent.tgz");
beforeAll(async () => {
  await installPackage(folder);
  execFileSync("tar", ["-czf", tarball, "-C", join(folder, "node_modules"), "tscent"]);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

const beside = (...args: string[]) =>
  promisify(execFile)(process.execPath, [
    ...["--conditions=tscent-source", "bench/beside.ts", "--quick", "--embedded"],
    ...args,
  ]).catch((failed: { code: number; stdout: string; stderr: string }) => failed);

describe("npm run bench:beside, a smoke run against the embedded server", () => {
  test("the comparison has a row for each workload of each of tscent's own contenders", {
    timeout: 120_000,
  }, async () => {
    const { stdout } = await beside(tarball, tarball);
    const rows = [
      ...stdout.matchAll(/^\| (.+?) \| (tscent .+?) \| (.+?) \| (.+?) \| (\S+) \(\S+ to \S+\) \|$/gm),
    ];
    const count = (cell: string, column: number) => rows.filter((row) => row[column] === cell).length;
    expect(Object.fromEntries(workloads.map(({ id, title }) => [id, count(title, 1)]))).toEqual({
      one: 6,
      "in-flight-64": 6,
      "in-flight-1000": 6,
      bulk: 4,
      batch: 2,
      broadcast: 2,
      history: 2,
    });
    for (const name of contenderNames.filter((name) => name.startsWith("tscent"))) {
      expect(count(name, 2), name).toBeGreaterThan(0);
    }
    for (const figure of rows.flatMap((row) => row.slice(3))) expect(Number(figure)).toBeGreaterThan(0);
  });

  test("the comparison fails, and names the rows above the bound", { timeout: 180_000 }, async () => {
    const failed = await beside(tarball, tarball, "--only=bulk", "--at-most=0.001");
    expect(failed).toHaveProperty("code", 1);
    expect(failed.stdout).toMatch(/^Above 0.001: 10,000 publishes at once, tscent HTTP, batching: \d/m);
    expect(failed.stdout.match(/^Above/gm)).toHaveLength(4);
  });

  test("the comparison without a tarball says which arguments it expects", async () => {
    expect((await beside()).stderr).toContain("expected <old.tgz> [<new.tgz>]");
  });
});
