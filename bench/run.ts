// `npm run bench`: time per publish, one at a time and 64 in flight. The contenders take turns, three rounds each, so
// that the machine's moods fall on all of them; what carries over to other machines are the ratios.
import { cpus } from "node:os";
import type { Contender } from "./contenders.ts";
import { createContenders } from "./contenders.ts";
import { startBenchServer } from "./server.ts";

const rounds = 3;
const data = { text: "Hello, world!", user: "42", tags: ["a", "b"] };
const shapes = [
  { title: "one at a time", inFlight: 1, calls: 3_000 },
  { title: "64 in flight", inFlight: 64, calls: 20_000 },
];

/** Microseconds per publish. */
async function measure(contender: Contender, calls: number, inFlight: number): Promise<number> {
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await contender.publish(`bench_${left % 100}`, data);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return ((performance.now() - started) * 1000) / calls;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await using server = await startBenchServer();
console.log(
  `Against ${server.title}\nNode ${process.version}, ${cpus().length} CPUs, ${new Date().toISOString()}\n`,
);
const contenders = createContenders(server);
for (const contender of contenders) await measure(contender, 2_000, 64);
for (const { title, inFlight, calls } of shapes) {
  const times = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [contender, taken] of times) taken.push(await measure(contender, calls, inFlight));
  }
  const figure = (name: string) => {
    const [, taken] = [...times].find(([contender]) => contender.name === name) ?? [];
    return median(taken ?? []);
  };
  const ratios = {
    "x undici": figure("undici, by hand"),
    "x cent.js": figure("cent.js"),
    "x stock connect-node": figure("connect-node, stock gRPC"),
  };
  console.log(`${title}: microseconds per publish, median of ${rounds} rounds of ${calls}`);
  console.table(
    Object.fromEntries(
      [...times].map(([{ name }, taken]) => [
        name,
        {
          µs: Math.round(median(taken)),
          "min-max": `${Math.round(Math.min(...taken))}-${Math.round(Math.max(...taken))}`,
          ...Object.fromEntries(
            Object.entries(ratios).map(([key, base]) => [key, +(median(taken) / base).toFixed(2)]),
          ),
        },
      ]),
    ),
  );
}
await Promise.all(contenders.map((contender) => contender.close()));
