import type { ClientHttp2Session, ServerHttp2Session } from "node:http2";
import { connect, constants, createServer } from "node:http2";
import { expect, test, vi } from "vitest";
import { CentNetworkError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import type { ListeningServer } from "../../harness/listening-server.ts";
import { listen, until } from "../../harness/listening-server.ts";
import { grpcFrame, sendGrpc } from "../../harness/misbehaving-server.ts";
import { resultOf } from "../../harness/result-of.ts";
import { swallowingProxy } from "../../harness/swallowing-proxy.ts";

interface ObservedServer extends ListeningServer {
  readonly sessions: ServerHttp2Session[];
  /** The times of its pings, by `performance.now()`. */
  readonly pings: number[];
  /** Whether the server answers calls. */
  answers: boolean;
}

/** A server that answers `info`, and records its sessions and their pings. */
async function observed(): Promise<ObservedServer> {
  const http2 = createServer();
  const [sessions, pings]: [ServerHttp2Session[], number[]] = [[], []];
  http2.on("session", (session) => {
    sessions.push(session);
    session.on("ping", () => pings.push(performance.now()));
    session.on("error", () => {
      // A test broke the session.
    });
  });
  http2.on("stream", (stream) => {
    stream.on("error", () => {
      // A test broke the stream.
    });
    stream.resume();
    if (server.answers) sendGrpc(stream, { body: grpcFrame(new Uint8Array([18, 0])) });
  });
  const server: ObservedServer = { ...(await listen(http2)), sessions, pings, answers: true };
  return server;
}

test("a connection without calls is closed after idleConnectionTimeoutMs, and the next call makes another", async () => {
  await using server = await observed();
  await using client = clientOf("grpc", server, { grpc: { idleConnectionTimeoutMs: 60 } });
  await client.info();
  await client.info();
  expect(server.sessions).toHaveLength(1);
  await until(() => server.sessions[0]?.closed === true, "the idle connection is closed");
  await client.info();
  expect(server.sessions).toHaveLength(2);
});

test("a connection with a call is not idle, however long the call takes", async () => {
  await using server = await observed();
  server.answers = false;
  await using client = clientOf("grpc", server, { grpc: { idleConnectionTimeoutMs: 30 } });
  await rejection(client.info({}, { timeoutMs: 150 }));
  expect(server.sessions.map(({ closed }) => closed)).toEqual([false]);
});

test("a silent connection is pinged while a call waits, and given up without an answer", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 500 };
  await using client = clientOf("grpc", proxy, { timeoutMs: 0, grpc });
  await client.info();
  server.answers = false;
  const waiting = rejection(client.info());
  await until(() => server.pings.length >= 2, "the connection is pinged, and again after the answer");
  proxy.swallow();
  const error = expectError(await waiting, CentNetworkError, { method: "info" });
  expect(error.message).toContain("a PING was not answered");
});

test("a connection without calls is pinged only with pingIdleConnection", async () => {
  for (const pingIdleConnection of [false, true]) {
    await using server = await observed();
    await using client = clientOf("grpc", server, { grpc: { pingIntervalMs: 20, pingIdleConnection } });
    await client.info();
    const calm = server.pings.length;
    if (pingIdleConnection) await until(() => server.pings.length >= 2, "the connection is pinged");
    else await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.pings.length > calm).toBe(pingIdleConnection);
  }
});

test("a connection that was silent for long is pinged before the next call, which else goes to another", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 500 };
  await using client = clientOf("grpc", proxy, { timeoutMs: 0, grpc });
  await client.info();
  await new Promise((resolve) => setTimeout(resolve, 80));
  await client.info();
  expect([server.pings.length, server.sessions.length]).toEqual([1, 1]);
  await new Promise((resolve) => setTimeout(resolve, 80));
  proxy.swallow();
  await Promise.all([client.info(), client.info()]);
  expect(server.sessions).toHaveLength(2);
});

test("a client that is closed while it pings a connection makes no other one", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 10_000 };
  const client = clientOf("grpc", proxy, { timeoutMs: 60, grpc });
  await client.info({}, { timeoutMs: 0 });
  await new Promise((resolve) => setTimeout(resolve, 80));
  proxy.swallow();
  await rejection(client.info());
  await client.close();
  await until(() => proxy.sockets.size === 0, "the client's connection is closed");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.sessions).toHaveLength(1);
});

test("a client pings half as often after a GOAWAY for too many pings", async () => {
  await using server = await observed();
  server.answers = false;
  await using client = clientOf("grpc", server, { timeoutMs: 0, grpc: { pingIntervalMs: 150 } });
  const first = rejection(client.info());
  await until(() => server.pings.length === 1, "the connection is pinged");
  server.sessions[0]?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from("too_many_pings"));
  expectError(await first, CentNetworkError, { method: "info" });
  const started = performance.now();
  const second = rejection(client.info());
  await until(() => server.pings.length === 2, "the other connection is pinged");
  // A timer may fire a millisecond early by another clock.
  expect((server.pings[1] ?? 0) - started).toBeGreaterThan(295);
  for (const session of server.sessions) session.destroy();
  await second;
});

test("a connection without calls that gets a GOAWAY is closed", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  await using client = clientOf("grpc", proxy);
  await client.info();
  server.sessions[0]?.goaway();
  // Seen from the client's side: Node's server keeps its own end open.
  await until(() => proxy.sockets.size === 0, "the client closes the connection");
  await client.info();
  expect(proxy.accepted()).toBe(2);
});

test("calls go to another connection when one has used up its stream ids", async () => {
  await using server = await observed();
  const another = connect(`http://127.0.0.1:${server.port}`);
  const request = vi.spyOn(Object.getPrototypeOf(another), "request");
  another.destroy();
  request.mockImplementationOnce(function (this: ClientHttp2Session, ...given) {
    // Two ids are left. Node's types do not have this method.
    Reflect.apply(Reflect.get(this, "setNextStreamID"), this, [2 ** 31 - 3]);
    request.mockRestore();
    return Reflect.apply(this.request, this, given);
  });
  await using client = clientOf("grpc", server);
  for (let call = 0; call < 4; call++) expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  await until(() => server.sockets.size === 1, "the first connection is closed");
  expect(server.accepted()).toBe(3);
});
