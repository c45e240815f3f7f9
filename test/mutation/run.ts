// `npm run mutate`: changes the sources in one place at a time, and runs the tests that reach this place. A change that no
// test notices is a survivor: an equivalent (list it in equivalent.ts) or a missing test.
//   npm run mutate -- limits codec/json       folders or files below src/, all by default
//   --again          keeps the results of the last run where neither the source nor its tests have changed
//   --sample=n       mutates each nth line alone, for an estimate
//   --concurrency=n  test runners at a time, 2 by default
import { globSync, readFileSync } from "node:fs";
import { matchesGlob, relative } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { equivalents } from "./equivalent.ts";
import { leftOut, testsOfFolder } from "./folders.ts";

/** Killed mutants of a folder, in percent. */
const goal = 92;

type Options = ConstructorParameters<typeof Stryker>[0];
type Result = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly covered: boolean;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim();

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: "boolean" },
    sample: { type: "string", default: "1" },
    concurrency: { type: "string", default: "2" },
  },
});
const every = Number(given.sample);
const chosen = positionals.length > 0 ? positionals : Object.keys(testsOfFolder);

/** The sources at a place, or ranges of lines in them. */
function mutated(place: string): string[] {
  const files = globSync(place.endsWith(".ts") ? `src/${place}` : `src/${place}/**/*.ts`);
  if (every === 1) return files;
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((_, line) => (line % every === every - 1 ? [`${file}:${line + 1}-${line + 1}`] : [])),
  );
}

async function runStryker(folder: string, place: string): Promise<Result[]> {
  const tests = globSync([...(testsOfFolder[folder] ?? [])]).filter((file) => file.endsWith(".test.ts"));
  const stryker = new Stryker({
    mutate: mutated(place),
    testFiles: tests.filter((file) => !leftOut.some((glob) => matchesGlob(file, glob))),
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    // TypeScript 7 has no API for programs, which Stryker needs to rewrite a tsconfig. Without a file it leaves this out.
    tsconfigFile: "no-tsconfig.json",
    disableTypeChecks: false,
    // A mutant of code that runs once at import needs all tests again.
    ignoreStatic: true,
    ignorePatterns: ["dist", "bench/results"],
    concurrency: Number(given.concurrency),
    incremental: true,
    incrementalFile: `.stryker-tmp/${folder}${every === 1 ? "" : `-${every}`}.json`,
    force: given.again !== true,
    dryRunTimeoutMinutes: 20,
    timeoutMS: 30_000,
    timeoutFactor: 2,
    reporters: ["progress-append-only"],
    allowConsoleColors: false,
    logLevel: "warn" as NonNullable<Options["logLevel"]>,
  });
  return stryker.runMutationTest();
}

function textAt(source: string, { start, end }: Result["location"]): string {
  const offset = ({ line, column }: { line: number; column: number }) =>
    source
      .split("\n")
      .slice(0, line - 1)
      .reduce((sum, text) => sum + text.length + 1, column - 1);
  return source.slice(offset(start), offset(end));
}

function survivorsIn(results: readonly Result[]): Survivor[] {
  return results
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ fileName, location, replacement, status }) => ({
      file: relative("src", fileName).replaceAll("\\", "/"),
      line: location.start.line,
      from: oneLine(textAt(readFileSync(fileName, "utf8"), location)),
      to: oneLine(replacement),
      covered: status === "Survived",
    }));
}

const entryOf = (survivor: Survivor) =>
  equivalents.find(
    ({ file, from, to }) =>
      survivor.file === file &&
      survivor.to === to &&
      (from.endsWith("…") ? survivor.from.startsWith(from.slice(0, -1)) : survivor.from === from),
  );

const rows = [];
let failed = false;
for (const place of chosen) {
  const folder = place.split("/")[0] ?? "";
  if (!(folder in testsOfFolder)) throw new Error(`src/${folder} has no tests in folders.ts`);
  let results: Result[];
  try {
    const all = await runStryker(folder, place);
    // With results of an earlier run, Stryker gives those of the whole folder.
    results = all.filter(({ fileName }) => `${relative("src", fileName)}/`.startsWith(`${place}/`));
  } catch (error) {
    // Stryker has said which test failed before any mutation. The other folders can still be measured.
    console.error(error);
    rows.push({ folder: place, score: "not measured" });
    failed = true;
    continue;
  }
  const count = (status: Result["status"]) => results.filter((result) => result.status === status).length;
  const survivors = survivorsIn(results);
  const missed = survivors.filter((survivor) => !entryOf(survivor));
  const killed = count("Killed") + count("Timeout");
  const score = (100 * killed) / (killed + missed.length || 1);
  failed ||= score < goal;
  rows.push({
    folder: place,
    mutants: results.length,
    "at import": count("Ignored"),
    killed: count("Killed"),
    "timed out": count("Timeout"),
    equivalent: survivors.length - missed.length,
    survived: missed.length,
    score: `${score.toFixed(1)} %`,
  });
  for (const { file, line, from, to, covered } of missed) {
    console.log(`src/${file}:${line}${covered ? "" : " (no test)"}\n  - ${from}\n  + ${to}`);
  }
  const used = new Set(survivors.map(entryOf));
  const isMutated = ({ file }: { file: string }) =>
    results.some(({ fileName }) => fileName.endsWith(`src/${file}`));
  for (const entry of equivalents) {
    if (every > 1 || used.has(entry) || !isMutated(entry)) continue;
    failed = true;
    console.log(
      `equivalent.ts, ${entry.file}: remove "${entry.from}" -> "${entry.to}", no survivor is like it`,
    );
  }
}
console.table(rows);
if (failed) process.exitCode = 1;
