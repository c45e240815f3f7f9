// `npm run fuzz`: a million replies each for the JSON reader, the gRPC frames and the gRPC statuses, valid ones and broken
// ones, beside oracles that do without our code.
//   --inputs=n   how many for each
//   --seed=n     the seed of a run that is to be repeated
//   --only=json  one of json, frames, statuses
import { parseArgs } from "node:util";
import { fuzz } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { growthOf, isLinear } from "./growth.ts";
import { frameTarget } from "./grpc/frame-target.ts";
import { statusTarget } from "./grpc/status-target.ts";
import { jsonTarget } from "./json/json-target.ts";

const { values: given } = parseArgs({
  options: { inputs: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
});
const inputs = Number(given.inputs ?? 1_000_000);
const seed = Number(given.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isInteger(inputs) || !Number.isInteger(seed))
  throw new Error("--inputs and --seed take integers");
const samplesPerType = 30;
const targets = {
  json: () => run(jsonTarget(seed, samplesPerType)),
  frames: () => run(frameTarget(seed, samplesPerType)),
  statuses: () => run(statusTarget()),
};
const chosen = Object.entries(targets).filter(([name]) => name === (given.only ?? name));
if (chosen.length === 0) throw new Error(`there is no target ${given.only}`);

console.log(`--seed=${seed} --inputs=${inputs}`);
for (const [, runTarget] of chosen) runTarget();

function run<Input, Value>(target: FuzzTarget<Input, Value>): void {
  const started = performance.now();
  const { failures, counts, longest, slowest } = fuzz(target, { seed, inputs });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  console.log(`\n${target.name}: ${kinds}; ${seconds} s`);
  console.log(`  slowest: ${longest.ms.toFixed(1)} ms for ${longest.bytes} bytes, input ${longest.index}`);
  for (const shape of slowest.toSorted((one, other) => other.nsPerByte - one.nsPerByte)) {
    const growth = growthOf(target, shape);
    const figures = `${shape.nsPerByte.toFixed(0)} ns a byte, ${growth.toFixed(1)} times as long for four times as much`;
    console.log(`  ${figures}: ${shape.shape}`);
    if (isLinear(growth)) continue;
    process.exitCode = 1;
    console.log(`  NOT LINEAR: ${target.show(shape.make(20))}`);
  }
  for (const { index, problem, repro } of failures) {
    process.exitCode = 1;
    console.log(`\n  FAILED, input ${index}: ${problem}\n  ${repro}`);
  }
}
