// `npm run bench:codec`: the codec without a network. Each case takes turns with its baseline, which does the least
// that anyone would do by hand: JSON.parse of the same text, JSON.stringify of the same objects, protobuf-es and JSON.
// The figure is the ratio of the two in the same round; times are shown to tell what the ratio is of. On a busy machine
// the ratio of the fastest rounds is closer to the truth. An argument chooses the cases whose name it is a part of.
import { cpus } from "node:os";
import type { CodecCase } from "./codec-cases.ts";
import { codecCases } from "./codec-cases.ts";

const rounds = 25;
const warmUp = 8;

let kept: unknown;

/**
 * Milliseconds. What the run gives is kept, so that it is not optimised away. The garbage of the others is collected
 * before, so that nobody pays for it here.
 */
function time(run: () => unknown): number {
  kept = undefined;
  globalThis.gc?.({ type: "minor" });
  const started = performance.now();
  kept = run();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function measure({ baseline, run }: CodecCase) {
  for (let round = 0; round < warmUp; round++) time(baseline) + time(run);
  const taken = Array.from({ length: rounds }, () => ({ baseline: time(baseline), run: time(run) }));
  const ratios = taken.map((round) => round.run / round.baseline);
  const fastest = (what: "run" | "baseline") => Math.min(...taken.map((round) => round[what]));
  return {
    ratio: +median(ratios).toFixed(2),
    "min-max": `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
    "of the fastest": +(fastest("run") / fastest("baseline")).toFixed(2),
    ms: +median(taken.map((round) => round.run)).toFixed(1),
    "baseline ms": +median(taken.map((round) => round.baseline)).toFixed(1),
  };
}

const only = process.argv[2] ?? "";
const chosen = codecCases().filter(({ name }) => name.includes(only));
console.log(`Node ${process.version}, ${cpus().length} CPUs, ${new Date().toISOString()}`);
console.log(`Ratio to the baseline, median of ${rounds} rounds\n`);
// Twice over, as a process that lives long has run all of it: the first pass has the compiler see every case.
for (const one of chosen) measure(one);
const baselines = [...new Set(chosen.map((one) => one.against))];
for (const against of baselines) {
  const cases = chosen.filter((one) => one.against === against);
  console.log(`against ${against}`);
  console.table(Object.fromEntries(cases.map((one) => [one.name, measure(one)])));
}
if (kept === undefined) console.log("nothing was measured");
