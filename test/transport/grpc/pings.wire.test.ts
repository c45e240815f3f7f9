import type { ServerHttp2Stream } from "node:http2";
import { expect, test } from "vitest";
import type { CentClient } from "../../../src/index.ts";
import { CentTimeoutError } from "../../../src/index.ts";
import { delayingProxy } from "../../harness/delaying-proxy.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { until } from "../../harness/listening-server.ts";
import { hang, observedGrpc, someTurns, succeed } from "../../harness/observed-grpc.ts";
import { resultOf } from "../../harness/result-of.ts";

/** Lets calls time out, one after another, each with time for its PING. */
async function timeOut(client: CentClient, count: number, timeoutMs = 15): Promise<void> {
  for (let call = 0; call < count; call++) {
    expectError(await rejection(client.info({}, { timeoutMs })), CentTimeoutError, { method: "info" });
    await someTurns();
  }
}

test("a connection gets two PINGs after timeouts, and then another one takes its place", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server, { grpc: { pingTimeoutMs: 2_000 } });
  await client.info();
  server.answer = hang;
  await timeOut(client, 2);
  expect([server.pings, server.sessions.length]).toEqual([[0, 0], 1]);
  await timeOut(client, 2);
  // The third timeout causes no PING. The fourth call is on the second connection.
  expect([server.pings, server.sessions.length]).toEqual([[0, 0, 1], 2]);
  await until(() => server.sessions[0]?.closed === true, "the first connection is closed");
});

test("a sign of life permits two more PINGs", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  for (let round = 0; round < 3; round++) {
    server.answer = succeed;
    await client.info();
    server.answer = hang;
    await timeOut(client, 2);
  }
  expect([server.pings.length, server.sessions.length]).toEqual([6, 1]);
});

test("a timeout causes no PING if data came after the call began", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  await client.info();
  server.answer = (stream, index) => index > 1 && succeed(stream);
  const slow = rejection(client.info({}, { timeoutMs: 60 }));
  await client.info();
  expectError(await slow, CentTimeoutError, { method: "info" });
  await someTurns();
  expect(server.pings).toEqual([]);
});

const headers = { ":status": 200, "content-type": "application/grpc" };

/** In milliseconds, on a busy machine, too. */
const timeForReply = 200;

test("the headers of a reply without data are a sign of life", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.respond(headers, { waitForTrailers: true });
  await using client = clientOf("grpc", server);
  await timeOut(client, 3, timeForReply);
  expect([server.pings, server.sessions.length]).toEqual([[], 1]);
});

test("the data of another reply is a sign of life", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.respond(headers, { waitForTrailers: true });
  await using client = clientOf("grpc", server);
  const slow = rejection(client.info());
  await until(() => server.streams.length === 1, "the slow call arrives");
  await someTurns();
  server.answer = () => server.streams[0]?.write(Buffer.alloc(1));
  await timeOut(client, 2, timeForReply);
  expect([server.pings, server.sessions.length]).toEqual([[], 1]);
  server.streams[0]?.close(2);
  await slow;
});

test("a client replaces a connection at most once per pingTimeoutMs", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server, { grpc: { pingTimeoutMs: 30_000 } });
  await client.info();
  server.answer = hang;
  await timeOut(client, 12);
  expect([server.pings, server.sessions.length]).toEqual([[0, 0, 1, 1], 2]);
});

test("a client may replace another connection after pingTimeoutMs", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server, { grpc: { pingTimeoutMs: 150 } });
  await client.info();
  server.answer = hang;
  for (let call = 0; call < 100 && server.sessions.length < 3; call++) await timeOut(client, 1);
  expect(server.sessions).toHaveLength(3);
});

test("a replaced connection finishes its calls", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  await client.info();
  const held: ServerHttp2Stream[] = [];
  server.answer = (stream) => held.push(stream);
  const slow = client.info();
  await until(() => held.length === 1, "the slow call arrives");
  await timeOut(client, 3);
  server.answer = succeed;
  await client.info();
  expect([server.sessions.length, server.sessions[0]?.closed]).toEqual([2, false]);
  if (held[0] !== undefined) succeed(held[0]);
  await expect(slow).resolves.toEqual(resultOf("info", { nodes: [] }));
  await until(() => server.sessions[0]?.destroyed === true, "the first connection is closed");
});

test("an abort causes no PING", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  await client.info();
  server.answer = hang;
  for (let call = 0; call < 4; call++) {
    const controller = new AbortController();
    const info = rejection(client.info({}, { signal: controller.signal }));
    await until(() => server.streams.length === call + 2, "the call arrives");
    controller.abort("enough");
    expect(await info).toBe("enough");
  }
  await someTurns();
  expect([server.pings, server.sessions.length]).toEqual([[], 1]);
});

test("a call that starts during a PING waits for the answer, and no longer", async () => {
  await using server = await observedGrpc();
  await using proxy = await delayingProxy(server.port, 40);
  await using client = clientOf("grpc", proxy, { grpc: { pingIntervalMs: 200 }, timeoutMs: 3_000 });
  server.answer = (stream, index) =>
    index === 1 ? setTimeout(() => succeed(stream), 1_500) : succeed(stream);
  await client.info();
  const slow = client.info();
  await until(() => server.pings.length === 1, "the connection is pinged, and the answer is on its way");
  const isFirst = await Promise.race([client.info().then(() => true), slow.then(() => false)]);
  expect(isFirst).toBe(true);
  await slow;
});
