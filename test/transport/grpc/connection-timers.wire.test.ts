import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { Connection } from "../../../src/transport/grpc/connection.ts";
import { withDefaults } from "../../../src/transport/grpc/connection-settings.ts";
import { LazyTimer } from "../../../src/transport/grpc/lazy-timer.ts";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import { until } from "../../harness/listening-server.ts";
import { hang, observedGrpc, pause, someTurns } from "../../harness/observed-grpc.ts";

const { abort, open } = Connection.prototype;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Waits for network input and output, while the fake timers stand still. */
async function arrival(condition: () => boolean): Promise<void> {
  // `performance` may be fake as well.
  const deadline = Date.now() + 3_000;
  while (!condition() && Date.now() < deadline) await new Promise(setImmediate);
  expect(condition()).toBe(true);
}

test("the gRPC settings have their defaults", () => {
  expect(withDefaults({}, {})).toEqual({
    pingIntervalMs: 310_000,
    pingTimeoutMs: 5_000,
    pingIdleConnection: false,
    idleConnectionTimeoutMs: 900_000,
  });
});

test("a connection that receives data gets no PING", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server, { grpc: { pingIntervalMs: 400 } });
  for (let call = 0; call < 12; call++) {
    await client.info();
    await pause(50);
  }
  expect(server.pings).toEqual([]);
});

test("a connection that is closed leaves no timer behind", async () => {
  await using server = await observedGrpc();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await using client = clientOf("grpc", server, { grpc: { pingIdleConnection: true } });
  await client.info();
  expect(vi.getTimerCount()).toBe(2);
  server.sessions[0]?.destroy();
  await arrival(() => vi.getTimerCount() === 0);
});

test("a client keeps no closed connection in memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  const made: WeakRef<Connection>[] = [];
  const opened = vi.spyOn(Connection.prototype, "open").mockImplementation(function (
    this: Connection,
    headers,
  ) {
    made.push(new WeakRef(this));
    return Reflect.apply(open, this, [headers]);
  });
  for (let round = 0; round < 5; round++) {
    await client.info();
    server.sessions[round]?.destroy();
    await until(() => server.sockets.size === 0, "the connection is closed");
    await someTurns();
  }
  opened.mockRestore();
  const kept = () => made.filter((one) => one.deref() !== undefined).length;
  await until(() => {
    collect();
    return kept() <= 1;
  }, "the connections are collected");
  expect(made).toHaveLength(5);
});

test("a ping that is due as the client is closed is not sent", async () => {
  await using server = await observedGrpc();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const client = clientOf("grpc", server, { grpc: { pingIdleConnection: true, pingIntervalMs: 20 } });
  await client.info();
  const fired = vi.fn();
  vi.spyOn(Connection.prototype, "abort").mockImplementation(function (this: Connection, reason) {
    Reflect.apply(abort, this, [reason]);
    // A ping on a closed session would throw.
    const timers = vi.getTimerCount();
    vi.advanceTimersByTime(30);
    fired(timers - vi.getTimerCount());
  });
  await client.close();
  expect(fired.mock.calls).toEqual([[1]]);
  await arrival(() => server.sockets.size === 0);
  expect(server.pings).toEqual([]);
});

test("a connection that could not be made leaves no timer behind", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await using client = clientOf("grpc", { port: 1 }, { timeoutMs: 0 });
  await rejection(client.info());
  expect(vi.getTimerCount()).toBe(0);
});

test("a connection is idle again after its last call, and is closed after the idle time", async () => {
  await using server = await observedGrpc();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  await using client = clientOf("grpc", server, { grpc: { idleConnectionTimeoutMs: 1_000 } });
  for (let call = 0; call < 2; call++) {
    await client.info();
    // The stream is closed some turns later.
    await someTurns();
    vi.advanceTimersByTime(900);
  }
  await someTurns();
  expect(server.sessions[0]?.closed).toBe(false);
  vi.advanceTimersByTime(200);
  await arrival(() => server.sessions[0]?.closed === true);
});

test("a PING that is answered leaves no timer behind", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  await client.info();
  server.answer = hang;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const late = rejection(client.info({}, { timeoutMs: 30 }));
  await arrival(() => server.streams.length === 2);
  vi.advanceTimersByTime(30);
  await late;
  await arrival(() => server.pings.length === 1);
  vi.useRealTimers();
  await pause(10);
  // A leftover timer of the PING would end the connection.
  expect([server.sessions.length, server.sessions[0]?.destroyed]).toEqual([1, false]);
});

test("a lazy timer acts after its time without an event, not before, and never for a time that is too long for timers", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  let acted = 0;
  const timer = new LazyTimer(
    () => 100,
    () => true,
    () => acted++,
  );
  timer.restart();
  vi.advanceTimersByTime(60);
  timer.happened();
  vi.advanceTimersByTime(99);
  expect(acted).toBe(0);
  vi.advanceTimersByTime(1);
  expect(acted).toBe(1);
  timer.restart();
  timer.stop();
  vi.advanceTimersByTime(500);
  expect(acted).toBe(1);
  const endless = new LazyTimer(
    () => 2 ** 31,
    () => true,
    () => acted++,
  );
  endless.start();
  expect(vi.getTimerCount()).toBe(0);
});
