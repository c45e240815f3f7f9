// The process of a client. It makes the calls of a fault, and reports their ends and the resources that are left open.
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import type { CentClient } from "../../../src/index.ts";
import { createClient, isCentError } from "../../../src/index.ts";
import { LoopDelay } from "../../chaos/client/loop-delay.ts";
import type { FaultMethod, FaultOf } from "../fault.ts";
import { faults } from "../faults.ts";
import type { End, Report, Task } from "./report.ts";
import { warm } from "./report.ts";

/** The api key of all calls; no error may show it. */
const secret = "secret-key-123";
const defaultTimeoutMs = 3_000;
/** Milliseconds that sockets have to close after the client did. */
const closingMs = 150;

let broken: string[] = [];
process.on("uncaughtException", (error, origin) => broken.push(`${origin}: ${inspect(error)}`));
process.on("disconnect", () => process.exit());
process.on("message", async (task: Task | typeof warm) => {
  if (task === warm) return;
  broken = [];
  const nothing: Report = { ends: [], lateMs: 0, left: [], grownMb: 0, broken };
  // A failed warm-up call breaks the rules, too.
  const report = await probe(task).catch((error) => ({ ...nothing, broken: [...broken, inspect(error)] }));
  process.send?.(report);
});

async function probe({ index, method, port }: Task): Promise<Report> {
  const fault = faults[index] as FaultOf;
  if (fault.isFlood) globalThis.gc?.();
  const before = resources();
  const memory = measureMemory();
  const options = typeof fault.options === "function" ? fault.options(port) : (fault.options ?? {});
  const { timeoutMs = defaultTimeoutMs } = options;
  const path = fault.protocol === "http" ? "/api" : "";
  const client = createClient({
    transport: fault.protocol,
    url: `http://127.0.0.1:${port}${path}`,
    apiKey: secret,
    timeoutMs,
    retry: { baseDelayMs: 5 },
    ...options,
  });
  for (let call = 0; call < (fault.warmUps ?? 0); call++) await callOf(client, method);
  if (fault.warmUps !== undefined) await tellWarm();
  await pause(fault.restMs ?? 0);
  const measured = await measure(fault, method, client, timeoutMs);
  await client.close();
  await closed(before);
  return {
    ...measured,
    left: difference(resources(), before),
    grownMb: memory(),
    broken,
  };
}

/** Tells the server that the warm-up replies are here, so that it may misbehave. */
async function tellWarm(): Promise<void> {
  const answer = once(process, "message");
  process.send?.(warm);
  await answer;
}

/** Gives the peak growth from now on in megabytes. Only Linux can reset the peak; other systems give the growth. */
function measureMemory(): () => number {
  const before = process.memoryUsage.rss();
  if (process.platform !== "linux") return () => (process.memoryUsage.rss() - before) / 1e6;
  writeFileSync("/proc/self/clear_refs", "5");
  const peakKb = () => Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  return () => (peakKb() * 1024 - before) / 1e6;
}

/** Makes the calls of a fault, and measures when they end. */
async function measure(fault: FaultOf, method: FaultMethod, client: CentClient, timeoutMs: number) {
  const expected = [fault[method] ?? []].flat();
  using delay = new LoopDelay();
  const started = performance.now();
  const calls = expected.map(() => endOf(() => callOf(client, method, fault.bytes), started));
  let mostMs = timeoutMs || Number.POSITIVE_INFINITY;
  if (fault.closeAfterMs !== undefined) {
    await pause(fault.closeAfterMs);
    await client.close({ timeoutMs: 0 });
    mostMs = performance.now() - started;
  }
  const ends = await Promise.all(calls);
  const loopMs = delay.between(started, performance.now());
  return { ends, lateMs: Math.max(0, ...ends.map(({ ms }) => ms - mostMs)) - loopMs };
}

function callOf(client: CentClient, method: FaultMethod, bytes = 0): Promise<object> {
  return method === "info" ? client.info() : client.publish({ channel: "chat", data: "x".repeat(bytes) });
}

/** The empty results of a valid reply. A forged reply has another result. */
const goodResults = new Set(['{"offset":0,"epoch":""}', '{"nodes":[]}']);

async function endOf(call: () => Promise<object>, started: number): Promise<End> {
  const success = { error: undefined, message: "", maybeExecuted: undefined, attempts: undefined };
  try {
    const result = JSON.stringify(await call());
    if (!goodResults.has(result)) broken.push(`the result is ${result.slice(0, 200)}`);
    return { ...success, ms: performance.now() - started };
  } catch (error) {
    const ms = performance.now() - started;
    const shown = inspect(error, { depth: 10, showHidden: true, maxStringLength: 10_000 });
    if (shown.includes(secret) || JSON.stringify(error).includes(secret)) broken.push("the key is shown");
    if (!isCentError(error)) return { ...success, error: "no CentError", message: shown, ms };
    const { name, message, maybeExecuted, attempts } = error;
    return { error: name, message: message.slice(0, 300), maybeExecuted, attempts, ms };
  }
}

/** Waits until all new resources are gone, `closingMs` at most. */
async function closed(before: readonly string[]): Promise<void> {
  const until = performance.now() + closingMs;
  while (difference(resources(), before).length > 0 && performance.now() < until) await turn();
}

/** Waits without a timer, which would be a resource itself. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The open resources, without the immediates of `turn`. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name !== "Immediate");
}

function difference(after: readonly string[], before: readonly string[]): string[] {
  const rest = [...before];
  return after.filter((name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
