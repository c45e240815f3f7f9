// `npm run bench:beside -- <old.tgz> [<new.tgz>]` says what two builds of the package cost, in each row of
// `npm run bench` that is tscent's own. The new build is the working tree where no second tarball is given. Two equal
// tarballs show how far the ratios stray on this machine; more rounds bring them closer to 1.
//   --rounds=n    so many rounds, by default 11
//   --only=a,b    only these workloads (their ids are in workloads.ts)
//   --at-most=n   ends with code 1 where the new build costs more than so many times the old one
//   --quick       a smoke run of seconds, whose figures say nothing
//   --embedded    against the embedded server, whatever else is there
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
