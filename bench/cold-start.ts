// `npm run bench:cold`: the CPU time of whole processes that import tscent, or publish once, beside others and the goals.
//   --rounds=n   rounds of all programs in turns, by default 15
//   --embedded   against the embedded server, even if a real Centrifugo is there
//   --quick      one round, which writes nothing
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { describeMachine, versions } from "./report/machine.ts";
import { paired, spread } from "./report/spread.ts";
import { markdown } from "./report/table.ts";
import { startBenchServer } from "./server.ts";

const { values: given } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    embedded: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});

const programs = {
  nothing: "nothing",
  "import-undici": "import of undici",
  "import-protobuf": "import of protobuf-es, the entries that tscent imports",
  "import-tscent": "import of tscent",
  "http-undici": "a publish over HTTP, undici by hand",
  "http-fetch": "a publish over HTTP, the global fetch",
  "http-tscent": "a publish over HTTP, tscent",
  "grpc-http2": "a publish over gRPC, node:http2 by hand",
  "grpc-js": "a publish over gRPC, grpc-js",
  "grpc-tscent": "a publish over gRPC, tscent",
} as const;
type Program = keyof typeof programs;

const goals: readonly (readonly [own: Program, other: Program, atMost: number])[] = [
  ["http-tscent", "http-undici", 1.3],
  ["grpc-tscent", "grpc-js", 0.7],
  ["import-tscent", "import-undici", 0.8],
];

const execute = promisify(execFile);
const times = new Map<Program, number[]>(Object.keys(programs).map((name) => [name as Program, []]));
const rounds = given.quick ? 1 : Number(given.rounds);
await using server = await startBenchServer({ embedded: given.embedded });
const addresses = [server.httpUrl, server.grpcUrl, server.apiKey];
const run = async (name: Program) => {
  const program = fileURLToPath(new URL(`cold/${name}.mjs`, import.meta.url));
  const { stdout } = await execute(process.execPath, [program, ...addresses]);
  return Number(stdout);
};
// The first run of each program reads its files from the disk.
for (const name of times.keys()) await run(name);
for (let round = 0; round < rounds; round++) {
  const names = [...times.keys()];
  // Each round begins with another program.
  for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)])
    times.get(name)?.push(await run(name));
}

const of = (name: Program) => times.get(name) ?? [];
const { cpu, cores } = describeMachine();
const used = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
const goalRows = goals.map(([own, other, atMost]) => {
  const { median, min, max } = paired(of(own), of(other), (one, beside) => one / beside);
  const figure = `${median.toFixed(2)} x (${min.toFixed(2)} to ${max.toFixed(2)})`;
  const verdict = median <= atMost ? "met" : "**not met**";
  return [programs[own], `at most ${atMost} x ${programs[other].replace(/^.*, /, "")}`, figure, verdict];
});
const rows = [...times].map(([name, taken]) => {
  const { median, min, max } = spread(taken);
  return [programs[name], median.toFixed(0), `${min.toFixed(0)} to ${max.toFixed(0)}`];
});
const report = [
  `Against ${server.title}. ${cpu}, ${cores} CPUs, ${new Date().toISOString().slice(0, 10)}. ${used.join(", ")}.`,
  markdown(["goal", "", "measured", ""], goalRows),
  markdown(["program", "CPU ms of the process", "min to max"], rows),
  `${rounds} rounds of all programs in turns. Times are medians; ratios are medians of the ratios within a round.`,
].join("\n\n");
console.log(report);
if (!given.quick) {
  const results = fileURLToPath(new URL("results/", import.meta.url));
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}cold-start.md`, `${report}\n`);
}
