// `npm run soak`: two million publishes over both transports at the same time, then two million by `publishMany` from an
// async generator. It exits with code 1 if a heap has grown by more than the bound.
//   --publishes=n  n publishes over each transport
//   --many=n       n publishes by publishMany
//   --bound=n      megabytes that a heap may grow by, 1 by default for compiled code and the like
//   --embedded     uses the embedded server even where a real Centrifugo is found
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { childFlags, startBenchServer } from "./server.ts";
import type { SoakSample, SoakTask } from "./soak-client.ts";

const { values: given } = parseArgs({
  options: {
    publishes: { type: "string", default: "2000000" },
    many: { type: "string", default: "2000000" },
    bound: { type: "string", default: "1" },
    embedded: { type: "boolean", default: false },
  },
});
const [publishes, many, bound] = [Number(given.publishes), Number(given.many), Number(given.bound)];
for (const [name, count] of Object.entries({ publishes, many })) {
  if (!Number.isInteger(count) || count < 1) throw new TypeError(`--${name}: expected a positive integer`);
}
if (!Number.isFinite(bound)) throw new TypeError("--bound: expected a number of megabytes");

/** A small heap makes Node.js collect early, so that resident memory is memory in use. */
const smallHeap = ["--max-old-space-size=40", "--max-semi-space-size=8"];

const alone = (["HTTP", "gRPC"] as const).map((transport) =>
  soakOver(transport, { title: transport, transport, many: false, publishes }),
);
const grown = await Promise.all(alone);
grown.push(await soakOver("HTTP", { title: "publishMany", transport: "HTTP", many: true, publishes: many }));
if (grown.some((megabytes) => megabytes > bound)) process.exitCode = 1;

/** Soaks one transport, with a server of its own. */
async function soakOver(transport: string, task: Omit<SoakTask, "server">): Promise<number> {
  await using server = await startBenchServer(given);
  console.log(`${task.title}: ${task.publishes} publishes over ${transport}, against ${server.title}.`);
  const { httpUrl, grpcUrl, apiKey } = server;
  return await soak({ ...task, server: { httpUrl, grpcUrl, apiKey } });
}

/** Runs a client in a process of its own. Resolves with the growth of its heap in megabytes. */
async function soak(task: SoakTask): Promise<number> {
  const client = fork(new URL("soak-client.ts", import.meta.url), {
    execArgv: [...childFlags(), "--expose-gc", ...(task.many ? smallHeap : [])],
  });
  const samples: SoakSample[] = [];
  client.on("message", (message) => {
    const sample = message as SoakSample;
    samples.push(sample);
    const { publishes, heap, resident, seconds } = sample;
    console.log(
      `${task.title}: ${publishes} publishes, ${seconds.toFixed(1)} s, ${heap.toFixed(2)} MB of heap, ${resident.toFixed(0)} MB resident at most`,
    );
  });
  client.send(task);
  const [code] = await once(client, "exit");
  const [begin, end] = [samples[0], samples.at(-1)];
  if (code !== 0 || begin === undefined || end?.publishes !== task.publishes) {
    throw new Error(`the client of ${task.title} ended with ${code}; what it said is above`);
  }
  const grown = end.heap - begin.heap;
  const verdict = grown <= bound ? "as it should be" : "TOO MUCH";
  console.log(`${task.title}: grew by ${grown.toFixed(2)} MB, ${bound} at most: ${verdict}`);
  return grown;
}
