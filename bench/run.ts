// `npm run bench`: the cost of a publish, a batch, a broadcast and a history, beside other clients and the goals.
//   --quick      a smoke run of a few seconds; its figures mean nothing
//   --embedded   uses the embedded server even where a real Centrifugo is found
//   --only=a,b   only these workloads (their ids are in workloads.ts)
//   --out=folder writes the results there instead of bench/results; a quick run writes only with it
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pycentVersion } from "./contenders/pycent.ts";
import { measureMemory } from "./memory-run.ts";
import { chart } from "./report/chart.ts";
import { createReport } from "./report/report.ts";
import { tables } from "./report/table.ts";
import type { Measured } from "./rounds.ts";
import { measure } from "./rounds.ts";
import { fillHistory, startBenchServer } from "./server.ts";
import { startParticipants } from "./start-participants.ts";
import type { Workload } from "./workloads.ts";
import { workloads } from "./workloads.ts";

const { values: given } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    embedded: { type: "boolean", default: false },
    only: { type: "string" },
    out: { type: "string" },
  },
});
const { quick, embedded, only } = given;
const out = given.out ?? (quick || only ? undefined : fileURLToPath(new URL("results", import.meta.url)));
const share = quick ? 0.01 : 1;
const chosen = workloads.filter(({ id }) => only === undefined || only.split(",").includes(id));
if (chosen.length === 0) throw new Error(`no workload is named ${only}`);

await using server = await startBenchServer({ embedded });
console.log(`Against ${server.title}.`);
const { participants, leftOut } = await startParticipants(server);
for (const { name, reason } of leftOut) console.log(`Left out: ${name}: ${reason}.`);

// Each process runs the work before it is measured, so the figures are of compiled code.
for (const participant of participants.values()) {
  if (participant.workloads.has("in-flight-64")) await participant.turn("in-flight-64", 5_000 * share);
}
const measured = new Map<Workload, Measured>();
for (const workload of chosen) {
  const count = workload.count * share;
  const rounds = quick ? 1 : workload.rounds;
  if (workload.wholeOnly) await fillHistory(server, count);
  console.log(`${workload.title}: ${rounds} rounds of ${count}`);
  measured.set({ ...workload, count, rounds }, await measure(workload, participants, { count, rounds }));
}
await Promise.all([...participants.values()].map((participant) => participant.close()));
console.log("memory");
const allocated = await measureMemory({
  server: { httpUrl: server.httpUrl, grpcUrl: server.grpcUrl, apiKey: server.apiKey },
  share,
  chosen: chosen.map(({ id }) => id),
});

const found = pycentVersion();
const pycent = "version" in found ? found.version : undefined;
const report = createReport({ server: server.title, quick, leftOut, pycent, measured, allocated });
console.log(`\n${tables(report)}`);
if (out !== undefined) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "latest.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(out, "table.md"), `${tables(report)}\n`);
  writeFileSync(join(out, "chart.svg"), chart(report));
  console.log("\nWritten: latest.json, table.md and chart.svg.");
}
