// `npm run bench:beside -- <old.tgz> [<new.tgz>]` compares the CPU time of two builds, in each row of `npm run bench`
// that belongs to tscent. The new build is the working tree unless a second tarball is given. Two equal tarballs show
// the noise of the machine; more rounds reduce it.
//   --rounds=n    runs n rounds instead of 11
//   --only=a,b    only these workloads (their ids are in workloads.ts)
//   --at-most=n   exits with code 1 if a row of the new build costs more than n times the old one
//   --quick       a smoke run of a few seconds; its figures mean nothing
//   --embedded    uses the embedded server even where a real Centrifugo is found
import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Compared } from "./beside/compare-builds.ts";
import { compareBuilds } from "./beside/compare-builds.ts";
import { installBuild, packWorkingTree } from "./beside/install-build.ts";
import { contenderNames } from "./contenders/all.ts";
import { markdown, round } from "./report/table.ts";
import { fillHistory, startBenchServer } from "./server.ts";
import { workloads } from "./workloads.ts";

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "11" },
    only: { type: "string" },
    "at-most": { type: "string", default: "Infinity" },
    quick: { type: "boolean", default: false },
    embedded: { type: "boolean", default: false },
  },
});
const { quick, embedded, only } = given;
const [oldTarball, newTarball] = positionals;
if (oldTarball === undefined || positionals.length > 2) throw new Error("expected <old.tgz> [<new.tgz>]");
const rounds = quick ? 1 : Number(given.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError("--rounds: expected a positive integer");
const atMost = Number(given["at-most"]);
if (!(atMost > 0)) throw new TypeError("--at-most: expected a positive number");
const chosen = workloads
  .filter(({ id }) => only === undefined || only.split(",").includes(id))
  .map((workload) => ({ ...workload, rounds, count: workload.count * (quick ? 0.01 : 1) }));
if (chosen.length === 0) throw new Error(`no workload is named ${only}`);

using folder = mkdtempDisposableSync(join(tmpdir(), "beside-"));
const builds = {
  old: installBuild(oldTarball, join(folder.path, "old")),
  new: installBuild(newTarball ?? packWorkingTree(folder.path), join(folder.path, "new")),
};
await using server = await startBenchServer({ embedded });
console.log(`Against ${server.title}; rounds: ${rounds}.`);
for (const { wholeOnly, count } of chosen) if (wholeOnly) await fillHistory(server, count);

const plan = { workloads: chosen, roundMs: quick ? 1 : 50 };
const compared: Compared[] = [];
for (const contender of contenderNames.filter((name) => name.startsWith("tscent"))) {
  console.log(contender);
  compared.push(...(await compareBuilds(contender, builds, server, plan)));
}

const rows = chosen.flatMap(({ id }) => compared.filter(({ workload }) => workload.id === id));
const lines = rows.map(({ workload, contender, ratio, ...cpu }) => [
  workload.title,
  contender,
  round(cpu.old.median),
  round(cpu.new.median),
  `${ratio.median.toFixed(3)} (${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)})`,
]);
console.log(`\n${markdown(["workload", "contender", "old CPU µs", "new CPU µs", "new / old"], lines)}`);
for (const { workload, contender, ratio } of rows.filter(({ ratio }) => ratio.median > atMost)) {
  console.log(`Above ${atMost}: ${workload.title}, ${contender}: ${ratio.median.toFixed(3)}`);
  process.exitCode = 1;
}
