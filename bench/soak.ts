// `npm run soak`: two million publishes over each transport at the same time, after which the heap is where it began.
//   --publishes=n  so many over each transport, instead of two million
//   --bound=n      megabytes that a heap may have grown by: what an engine keeps of compiled code and the like, 1
//   --embedded     against the embedded server, whatever else is there
// It ends with code 1 where the heap of one grew by more.
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { childFlags, startBenchServer } from "./server.ts";
import type { SoakSample, SoakTask } from "./soak-client.ts";

const { values: given } = parseArgs({
  options: {
    publishes: { type: "string", default: "2000000" },
    bound: { type: "string", default: "1" },
    embedded: { type: "boolean", default: false },
  },
});
const [publishes, bound] = [Number(given.publishes), Number(given.bound)];
if (!Number.isInteger(publishes) || publishes < 1) {
  throw new TypeError("--publishes: expected a positive integer");
}
if (!Number.isFinite(bound)) throw new TypeError("--bound: expected a number of megabytes");

const grown = await Promise.all((["HTTP", "gRPC"] as const).map(soakOver));
if (grown.some((megabytes) => megabytes > bound)) process.exitCode = 1;

/** Soaks one transport, with a server of its own. */
async function soakOver(transport: SoakTask["transport"]): Promise<number> {
  await using server = await startBenchServer(given);
  console.log(`${transport}: ${publishes} publishes, against ${server.title}.`);
  const { httpUrl, grpcUrl, apiKey } = server;
  return await soak({ server: { httpUrl, grpcUrl, apiKey }, transport, publishes });
}

/** Runs a client in a process of its own, and gives the megabytes by which its heap grew. */
async function soak(task: SoakTask): Promise<number> {
  const client = fork(new URL("soak-client.ts", import.meta.url), {
    execArgv: [...childFlags(), "--expose-gc"],
  });
  const samples: SoakSample[] = [];
  client.on("message", (message) => {
    const sample = message as SoakSample;
    samples.push(sample);
    const { publishes, heap, resident, seconds } = sample;
    console.log(
      `${task.transport}: ${publishes} publishes, ${seconds.toFixed(1)} s, ${heap.toFixed(2)} MB of heap, ${resident.toFixed(0)} MB resident`,
    );
  });
  client.send(task);
  const [code] = await once(client, "exit");
  const [begin, end] = [samples[0], samples.at(-1)];
  if (code !== 0 || begin === undefined || end?.publishes !== task.publishes) {
    throw new Error(`the client over ${task.transport} ended with ${code}; what it said is above`);
  }
  const grown = end.heap - begin.heap;
  const verdict = grown <= bound ? "as it should be" : "TOO MUCH";
  console.log(`${task.transport}: grew by ${grown.toFixed(2)} MB, ${bound} at most: ${verdict}`);
  return grown;
}
