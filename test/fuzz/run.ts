// `npm run fuzz`: reads a million valid and broken replies each of JSON, gRPC frames and gRPC statuses, and compares
// the results with oracles that do not use our code.
//   --inputs=n   replies of each
//   --seed=n     the seed of an earlier run, to repeat it
//   --only=json  one of json, frames, statuses
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Random } from "./random.ts";
import type { TargetName } from "./targets.ts";
import { targetNames, withTarget } from "./targets.ts";

/** A run as its worker gets it. */
export interface Run {
  readonly names: readonly TargetName[];
  readonly seed: number;
  readonly inputs: number;
  /** The current target and input, as the worker reports them. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** Milliseconds for one input, its minimization or the measurement of its growth, on a busy machine. */
const mostMs = 60_000;

const { values: given } = parseArgs({
  options: { inputs: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
});
const run: Run = {
  names: targetNames.filter((name) => name === (given.only ?? name)),
  seed: Number(given.seed ?? Math.floor(Math.random() * 2 ** 31)),
  inputs: Number(given.inputs ?? 1_000_000),
  progress: new Int32Array(new SharedArrayBuffer(8)),
};
if (!Number.isInteger(run.inputs) || !Number.isInteger(run.seed)) {
  throw new Error("--inputs and --seed take integers");
}
if (run.names.length === 0) throw new Error(`there is no target ${given.only}`);

console.log(`--seed=${run.seed} --inputs=${run.inputs}`);
const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: run });
let last = "";
const watch = setInterval(() => {
  const now = run.progress.join();
  if (now !== last) {
    last = now;
    return;
  }
  const [at = 0, index = 0] = run.progress;
  const name = run.names[at] as TargetName;
  const repro = withTarget(name, run.seed, (target) => target.show(target.make(new Random(run.seed, index))));
  console.log(`\n  HANGS at or after input ${index} of ${name}\n  ${repro}`);
  process.exit(1);
}, mostMs);
worker.on("exit", (code) => {
  clearInterval(watch);
  process.exitCode = code;
});
