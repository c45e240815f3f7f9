// `npm run bench:codec`: the codec without a network. Each case takes turns with a baseline by hand: JSON.parse of the
// same text, JSON.stringify of the same objects, or protobuf-es and JSON. The figure is their ratio in the same round.
// On a busy machine the ratio of the fastest rounds is the better one. An argument runs only the cases whose name
// contains it; a run without one writes bench/results/codec.md.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { batchProfile } from "./batch-profile.ts";
import type { CodecCase } from "./codec-cases.ts";
import { codecCases } from "./codec-cases.ts";
import { describeMachine } from "./report/machine.ts";
import { spread } from "./report/spread.ts";

const rounds = 25;
const warmUp = 8;

let kept: unknown;

/**
 * Milliseconds of one run. The result is kept, so that the engine cannot drop the work. The garbage of earlier runs is
 * collected first.
 */
function time(run: () => unknown): number {
  kept = undefined;
  globalThis.gc?.({ type: "minor" });
  const started = performance.now();
  kept = run();
  return performance.now() - started;
}

function measure({ baseline, run }: CodecCase) {
  for (let round = 0; round < warmUp; round++) time(baseline) + time(run);
  const taken = Array.from({ length: rounds }, () => ({ baseline: time(baseline), run: time(run) }));
  const ratio = spread(taken.map((round) => round.run / round.baseline));
  const fastest = (what: "run" | "baseline") => Math.min(...taken.map((round) => round[what]));
  return {
    ratio: +ratio.median.toFixed(2),
    least: ratio.min.toFixed(2),
    most: ratio.max.toFixed(2),
    fastest: (fastest("run") / fastest("baseline")).toFixed(2),
    ms: spread(taken.map((round) => round.run)).median.toFixed(1),
  };
}

const only = process.argv[2] ?? "";
const chosen = codecCases().filter(({ name }) => name.includes(only));
// All cases run twice. In the first pass the compiler sees every case, as in a process that runs for long.
for (const one of chosen) measure(one);
const { cpu, cores } = describeMachine();
const lines = [
  `Node ${process.version}, ${cpu}, ${cores} CPUs, ${new Date().toISOString().slice(0, 10)}.`,
  `Ratios to the baseline are medians of ${rounds} rounds; all of 10,000 elements.`,
  "",
  "| case | against | ratio | min to max | of the fastest | ms | goal |",
  "| --- | --- | --- | --- | --- | --- | --- |",
];
for (const one of chosen) {
  const { ratio, least, most, fastest, ms } = measure(one);
  const goal = one.atMost === undefined ? "" : `at most ${one.atMost}: ${verdict(ratio, one.atMost)}`;
  lines.push(
    `| ${one.name} | ${one.against} | ${ratio} | ${least} to ${most} | ${fastest} | ${ms} | ${goal} |`,
  );
}
if (only === "") lines.push("", ...batchProfile());
console.log(lines.join("\n"));
if (kept === undefined) console.log("nothing was measured");
const results = fileURLToPath(new URL("results/", import.meta.url));
if (only === "") writeFileSync(`${results}codec.md`, `${lines.join("\n")}\n`);

function verdict(ratio: number, atMost: number): string {
  return ratio <= atMost ? "met" : "**not met**";
}
