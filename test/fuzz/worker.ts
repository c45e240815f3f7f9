// Fuzzes the targets of a run, and prints the failures. The main thread in run.ts ends a worker that hangs.
import { workerData } from "node:worker_threads";
import { fuzz } from "./campaign.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { growthOf, isLinear } from "./growth.ts";
import type { Run } from "./run.ts";
import { withTarget } from "./targets.ts";

const { names, seed, inputs, progress } = workerData as Run;

for (const [at, name] of names.entries()) {
  Atomics.store(progress, 0, at);
  withTarget(name, seed, run);
}

function run<Input, Value>(target: FuzzTarget<Input, Value>): void {
  const started = performance.now();
  const onInput = (index: number) => Atomics.store(progress, 1, index);
  const { failures, counts, longest, slowest } = fuzz(target, { seed, inputs, onInput });
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
