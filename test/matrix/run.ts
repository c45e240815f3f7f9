// `npm run matrix [-- <group or row> …]`: tries the packed package in each runtime, compiler, bundler, test framework and web
// framework of `rows.ts`. Exit code 1 if a row fails. CONTRIBUTING.md has the options.
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Row } from "./row.ts";
import { runRows } from "./run-rows.ts";
import { setUp } from "./set-up.ts";
import { page, withRows, withSummary } from "./table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", default: "2" },
    cache: { type: "string", default: join(tmpdir(), "matrix-cache") },
    rows: { type: "string", default: "test/matrix/rows.ts" },
    write: { type: "boolean", default: false },
  },
});
const { rows } = (await import(pathToFileURL(resolve(values.rows)).href)) as { rows: readonly Row[] };
const isCalled = (word: string) => (row: Row) => row.group === word || row.name === word;
const unknown = positionals.find((word) => !rows.some(isCalled(word)));
if (unknown !== undefined) {
  const groups = [...new Set(rows.map(({ group }) => group))].join(", ");
  throw new Error(`no row is called ${unknown}; the groups are ${groups}`);
}
const chosen = rows.filter(
  (row) => positionals.length === 0 || positionals.some((word) => isCalled(word)(row)),
);
await using setting = await setUp(values.cache);
console.log(`${chosen.length} rows against ${setting.serverName}, in ${values.cache}`);
const outcomes = await runRows(chosen, setting, Number(values.jobs), console.log);
const failed = outcomes.filter(({ failure }) => failure !== undefined);
const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined);
const passed = outcomes.length - failed.length - skipped.length;
console.log(`${passed} rows passed, ${failed.length} failed, ${skipped.length} skipped`);
for (const { row } of failed) console.log(`  FAILED  ${row.name}`);
for (const { row, skipped: reason } of skipped) console.log(`  SKIPPED ${row.name}: ${reason}`);
if (failed.length > 0) process.exitCode = 1;
else if (values.write) {
  const names = rows.map(({ name }) => name);
  const text = withRows(readFileSync(page, "utf8"), outcomes, names);
  writeFileSync(page, text);
  writeFileSync("README.md", withSummary(readFileSync("README.md", "utf8"), text, rows));
}
