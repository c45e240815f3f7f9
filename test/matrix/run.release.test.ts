import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const cache = mkdtempSync(join(tmpdir(), "matrix-test-"));

afterAll(() => rmSync(cache, { recursive: true }));

/** Runs the matrix with the rows of `broken-rows.ts`. */
async function runBroken(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const command = [
    "run",
    "--silent",
    "matrix",
    "--",
    "--rows=test/matrix/broken-rows.ts",
    `--cache=${cache}`,
  ];
  const running = promisify(execFile)("npm", [...command, ...args]);
  const ended = await running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: ended.code, output: ended.stdout + ended.stderr };
}

test("the matrix ends with exit code 1 and shows the command and its output if a row fails", async () => {
  const { code, output } = await runBroken();
  expect(code).toBe(1);
  expect(output).toContain("FAILED  a command with exit code 3\nnode -e");
  expect(output).toContain("exit code 3\nits output\n");
  expect(output).toContain("0 rows passed, 1 failed, 0 skipped\n  FAILED  a command with exit code 3\n");
}, 120_000);

test("the matrix refuses a row that it does not have, and names the groups", async () => {
  const { code, output } = await runBroken("no-such-group");
  expect(code).toBe(1);
  expect(output).toContain("no row is called no-such-group; the groups are broken");
}, 120_000);
