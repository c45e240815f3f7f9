// `npm run bench:proxy`: the CPU of a backend that answers Centrifugo, with tscent and by hand, 64 requests in flight. Each
// backend is a process of its own, and they take turns in each round. The figures are medians of ratios within a round.
// `--rounds=n` measures longer, `--only=HTTP` picks one; `--quick` is a smoke run that writes nothing.
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Pool } from "undici";
import { CentrifugoProxy } from "../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { describeMachine } from "./report/machine.ts";
import { paired, spread } from "./report/spread.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string" }, quick: { type: "boolean" }, only: { type: "string" } },
});
const rounds = values.quick ? 2 : Number(values.rounds ?? 15);
const count = values.quick ? 300 : 6_000;
const inFlight = 64;
const headers = { "content-type": "application/json", "x-centrifugo-secret": "a-secret-of-some-length" };
const request = {
  client: "c9b97f8c-2695-462f-ab2f-e62ddf26e290",
  transport: "websocket",
  protocol: "json",
  encoding: "json",
  user: "42",
  channel: "chat:room",
  data: { text: "Hello, how are you? This is a message of some length." },
};
const expected = JSON.stringify({ result: { data: { ...request.data, checked: true } } });

/** A backend, and one request to it. */
interface Backend {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ask: () => Promise<void>;
}

async function start(name: string): Promise<Backend> {
  const child = fork(new URL("proxy/server.ts", import.meta.url), [name]);
  const [port] = (await once(child, "message")) as [number];
  const ask = name.startsWith("http") ? overHttp(port) : overGrpc(port);
  return { name, process: child, ask };
}

function overHttp(port: number): Backend["ask"] {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight });
  const body = JSON.stringify(request);
  return async () => {
    const reply = await pool.request({ path: "/centrifugo/publish", method: "POST", headers, body });
    const text = await reply.body.text();
    if (text !== expected) throw new Error(`expected ${expected}, got ${text}`);
  };
}

function overGrpc(port: number): Backend["ask"] {
  const client = createClient(CentrifugoProxy, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  const message = { ...request, data: Buffer.from(JSON.stringify(request.data)) };
  return async () => {
    const { result } = await client.publish(message, { headers });
    const text = Buffer.from(result?.data ?? []).toString();
    if (!expected.includes(text) || text === "") throw new Error(`expected ${expected}, got ${text}`);
  };
}

async function cpuOf({ process: child }: Backend): Promise<number> {
  child.send("cpu");
  return ((await once(child, "message")) as [number])[0];
}

/** The CPU of a backend for one request, in microseconds. */
async function measure(backend: Backend): Promise<number> {
  const before = await cpuOf(backend);
  let left = count;
  const work = async () => {
    while (left-- > 0) await backend.ask();
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return ((await cpuOf(backend)) - before) / count;
}

const comparisons = [
  { what: "HTTP handler", names: ["http by hand", "http tscent"], atMost: 1.3 },
  { what: "gRPC routes", names: ["grpc bare Connect", "grpc tscent"], atMost: 1.1 },
].filter(({ what }) => what.startsWith(values.only ?? ""));
const { cpu, cores } = describeMachine();
const lines = [
  `Node ${process.version}, ${cpu}, ${cores} CPUs, ${new Date().toISOString().slice(0, 10)}.`,
  `CPU µs of the backend for a publish that it changes, ${inFlight} in flight, medians of ${rounds} rounds.`,
  "",
  "| what | by hand | tscent | ratio | min to max | goal |",
  "| --- | --- | --- | --- | --- | --- |",
];
for (const { what, names, atMost } of comparisons) {
  const [hand, ours] = (await Promise.all(names.map(start))) as [Backend, Backend];
  const taken: { readonly hand: number; readonly ours: number }[] = [];
  // The first rounds do not count: the engine compiles the hot code.
  for (let round = -3; round < rounds; round++) {
    const first = round % 2 === 0 ? await measure(hand) : undefined;
    const ofOurs = await measure(ours);
    const one = { hand: first ?? (await measure(hand)), ours: ofOurs };
    if (round >= 0) taken.push(one);
  }
  const of = (key: "hand" | "ours") => taken.map((one) => one[key]);
  const ratio = paired(of("ours"), of("hand"), (one, other) => one / other);
  const median = (key: "hand" | "ours") => spread(of(key)).median.toFixed(1);
  const verdict = ratio.median <= atMost ? "met" : "**not met**";
  lines.push(
    `| ${what} | ${median("hand")} | ${median("ours")} | ${ratio.median.toFixed(2)} | ${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)} | at most ${atMost}: ${verdict} |`,
  );
  for (const { process: child } of [hand, ours]) child.kill();
}
console.log(lines.join("\n"));
if (!values.quick && values.only === undefined)
  writeFileSync(fileURLToPath(new URL("results/proxy.md", import.meta.url)), `${lines.join("\n")}\n`);
process.exit(0);
