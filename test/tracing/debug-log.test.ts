import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestClient } from "../../src/testing/index.ts";
import { areCallsTraced, callChannel } from "../../src/tracing/channels.ts";
import { logCalls } from "../../src/tracing/debug-log.ts";
import { rejection } from "../harness/expected-error.ts";

const channel = callChannel ?? expect.fail("this Node.js has no tracing channels");
const { getBuiltinModule } = process;
const lines: string[] = [];
const log = Object.assign((line: string) => lines.push(line), { enabled: true });
const debuglog = vi.fn((_section: string): unknown => log);
const subscribe = vi.spyOn(channel, "subscribe");
let listeners: Parameters<typeof channel.subscribe>[0][] = [];

beforeEach(() => {
  vi.stubEnv("NODE_DEBUG", "tscent");
  process.getBuiltinModule = ((name: string) =>
    name === "node:util" ? { debuglog } : getBuiltinModule(name as never)) as never;
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.getBuiltinModule = getBuiltinModule;
});
// The unit tests share one process.
afterAll(() => {
  for (const handlers of listeners) channel.unsubscribe(handlers);
});

test.each([undefined, "", "net", "tscen"])("nothing listens where NODE_DEBUG is %j", (value) => {
  vi.stubEnv("NODE_DEBUG", value);
  logCalls();
  expect(debuglog).not.toHaveBeenCalled();
  expect(areCallsTraced()).toBe(false);
});

test("nothing listens in Deno, which would ask its user for the variable", () => {
  const { versions } = process;
  Object.defineProperty(process, "versions", { value: { ...versions, deno: "2.0.0" }, configurable: true });
  try {
    logCalls();
  } finally {
    Object.defineProperty(process, "versions", { value: versions, configurable: true });
  }
  expect(areCallsTraced()).toBe(false);
});

test.each(["tscent", "http,TSCENT", "*"])("nothing listens where Node.js does not log for %j", (value) => {
  vi.stubEnv("NODE_DEBUG", value);
  debuglog.mockReturnValueOnce(Object.assign(() => {}, { enabled: false }));
  logCalls();
  expect(debuglog).toHaveBeenCalledExactlyOnceWith("tscent");
  expect(areCallsTraced()).toBe(false);
});

test("nothing listens in a runtime without that log", () => {
  debuglog.mockReturnValueOnce(undefined);
  logCalls();
  process.getBuiltinModule = undefined as never;
  logCalls();
  expect(areCallsTraced()).toBe(false);
});

test("each call is logged once, though the package is loaded twice", async () => {
  logCalls();
  logCalls();
  listeners = subscribe.mock.calls.map(([handlers]) => handlers);
  expect(listeners).toHaveLength(1);
  const { client } = createTestClient();
  await client.publish({ channel: "two\nlines", data: 1 });
  await client.broadcast({ channels: ["a", "b"], data: 1 });
  await client.info();
  await rejection(client.publish({ channel: "unknown:x", data: 1 }));
  await rejection(client.publish({ channel: "a", dta: 1 } as never));
  await rejection(client.publish({ channel: "a", data: 1 }, { signal: AbortSignal.abort("enough") }));
  await client.publishMany([1, 2].map((data) => ({ channel: "a", data })));
  expect(lines.splice(0).map((line) => line.replace(/\d+\.\d ms/, "1 ms"))).toEqual([
    'publish "two\\nlines" over custom: ok in 1 ms, 1 attempt',
    "broadcast 2 channels over custom: ok in 1 ms, 1 attempt",
    "info over custom: ok in 1 ms, 1 attempt",
    'publish "unknown:x" over custom: CentApiResponseError 102 in 1 ms, 1 attempt',
    'publish "a" over custom: CentRequestError in 1 ms, 0 attempts',
    'publish "a" over custom: aborted CANCELLED in 1 ms, 0 attempts',
    "publishMany over custom: ok in 1 ms, 2 taken, 2 succeeded, 0 failed, 0 unknown",
  ]);
});

test("a line has the milliseconds of its call", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
  const call = createTestClient().client.info();
  now.mockReturnValue(1_012.34);
  await call;
  now.mockRestore();
  expect(lines.splice(0)).toEqual(["info over custom: ok in 12.3 ms, 1 attempt"]);
});
