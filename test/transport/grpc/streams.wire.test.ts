import type { ServerHttp2Stream } from "node:http2";
import { expect, test } from "vitest";
import type { Connection } from "../../../src/transport/grpc/connection.ts";
import { withDefaults } from "../../../src/transport/grpc/connection-settings.ts";
import { GrpcSession } from "../../../src/transport/grpc/session.ts";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import { until } from "../../harness/listening-server.ts";
import { hang, observedGrpc, pause, someTurns, succeed } from "../../harness/observed-grpc.ts";
import { resultOf } from "../../harness/result-of.ts";

test("a client opens no more streams than the server permits, and none is refused", async () => {
  await using server = await observedGrpc({ maxConcurrentStreams: 5 });
  server.answer = (stream) => setTimeout(succeed, 2, stream);
  await using client = clientOf("grpc", server);
  await Promise.all(Array.from({ length: 40 }, () => client.info()));
  expect([server.peak(), server.streams.length, server.sessions.length]).toEqual([5, 40, 1]);
});

test("waiting calls are sent when the server permits more streams", async () => {
  await using server = await observedGrpc({ maxConcurrentStreams: 1 });
  server.answer = hang;
  await using client = clientOf("grpc", server, { timeoutMs: 3_000 });
  const calls = [client.info(), client.info(), client.info()];
  await until(() => server.streams.length === 1, "the first call arrives");
  await pause(20);
  expect(server.streams).toHaveLength(1);
  server.sessions[0]?.settings({ maxConcurrentStreams: 3 });
  await until(() => server.streams.length === 3, "the other calls arrive");
  server.streams.forEach(succeed);
  await Promise.all(calls);
});

test("a client opens 1,000 streams at a time by default, or else maxInFlight", async () => {
  for (const [calls, maxInFlight, peak] of [
    [1_100, undefined, 1_000],
    [20, 3, 3],
  ] as const) {
    await using server = await observedGrpc({ maxConcurrentStreams: 4_000 });
    server.answer = hang;
    await using client = clientOf("grpc", server, { maxInFlight });
    const all = Array.from({ length: calls }, () => client.info());
    await until(() => server.streams.length >= peak, "the first calls arrive");
    await pause(20);
    server.answer = (stream) => setImmediate(succeed, stream);
    server.streams.forEach(succeed);
    await Promise.all(all);
    expect([server.peak(), server.streams.length, server.sessions.length]).toEqual([peak, calls, 1]);
  }
});

test("calls that time out while they wait for a stream are never sent", async () => {
  await using server = await observedGrpc({ maxConcurrentStreams: 1 });
  server.answer = hang;
  await using client = clientOf("grpc", server);
  const first = client.info();
  await until(() => server.streams.length === 1, "the first call arrives");
  const late = Array.from({ length: 5 }, () => rejection(client.info({}, { timeoutMs: 20 })));
  const last = client.info();
  expect(await Promise.all(late)).toMatchObject(Array(5).fill({ maybeExecuted: false, attempts: 1 }));
  server.answer = succeed;
  server.streams.forEach(succeed);
  await Promise.all([first, last]);
  expect(server.streams).toHaveLength(2);
});

test("a connection that got a GOAWAY finishes its calls while another one serves", async () => {
  await using server = await observedGrpc();
  const held: ServerHttp2Stream[] = [];
  server.answer = (stream) => held.push(stream);
  await using client = clientOf("grpc", server);
  const old = client.info();
  await until(() => held.length === 1, "the first call arrives");
  server.sessions[0]?.goaway();
  await pause(20);
  server.answer = succeed;
  await client.info();
  await client.info();
  expect([server.sessions.length, server.streams.length]).toEqual([2, 3]);
  held.forEach(succeed);
  await expect(old).resolves.toEqual(resultOf("info", { nodes: [] }));
  await until(() => server.sockets.size === 1, "the old connection is closed");
});

test("calls that wait for a stream go to another connection as soon as theirs gets a GOAWAY", async () => {
  await using server = await observedGrpc({ maxConcurrentStreams: 1 });
  server.answer = hang;
  await using client = clientOf("grpc", server);
  const old = client.info();
  await until(() => server.streams.length === 1, "the first call arrives");
  const waiting = [client.info(), client.info()];
  server.answer = succeed;
  server.sessions[0]?.goaway();
  await Promise.all(waiting);
  expect(server.sessions).toHaveLength(2);
  server.streams.slice(0, 1).forEach(succeed);
  await old;
});

test("many large calls at once stay within the memory that Node.js allows a connection", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => stream.on("end", () => succeed(stream));
  await using client = clientOf("grpc", server);
  const data = new Uint8Array(1_000_000);
  const calls = Array.from({ length: 24 }, () => client.publish({ channel: "a", data }));
  await expect(Promise.all(calls)).resolves.toHaveLength(24);
  expect(server.streams).toHaveLength(24);
});

test("maxInFlight counts the calls of all connections", async () => {
  await using server = await observedGrpc();
  server.answer = hang;
  await using client = clientOf("grpc", server, { maxInFlight: 1 });
  const old = client.info();
  await until(() => server.streams.length === 1, "the first call arrives");
  server.sessions[0]?.goaway();
  const next = client.info();
  await until(() => server.sessions.length === 2, "another connection is made");
  await someTurns();
  expect(server.streams).toHaveLength(1);
  server.answer = succeed;
  server.streams.slice(0, 1).forEach(succeed);
  await Promise.all([old, next]);
  expect(server.streams).toHaveLength(2);
});

test("a session does not replace a connection that it no longer uses", async () => {
  const session = new GrpcSession("http://localhost", withDefaults({}, {}));
  let retired = 0;
  session.replace({ retire: () => retired++ } as unknown as Connection);
  expect(retired).toBe(0);
});

test("a reply beyond maxResponseBytes is reset before its end", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.write(Buffer.alloc(5_000));
  };
  await using client = clientOf("grpc", server, { maxResponseBytes: 1_000 });
  expect(await rejection(client.info())).toMatchObject({ name: "CentDecodeError", maybeExecuted: true });
  await until(() => server.streams[0]?.rstCode === 8, "the stream is reset with CANCEL");
});
