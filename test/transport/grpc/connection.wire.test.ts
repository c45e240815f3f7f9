import type { ClientHttp2Session, ServerHttp2Session } from "node:http2";
import { connect, constants, createServer } from "node:http2";
import { expect, test, vi } from "vitest";
import { CentNetworkError, CentRequestError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import type { ListeningServer } from "../../harness/listening-server.ts";
import { listen, until } from "../../harness/listening-server.ts";
import { grpcFrame, sendGrpc } from "../../harness/misbehaving-server.ts";
import { resultOf } from "../../harness/result-of.ts";
import { swallowingProxy } from "../../harness/swallowing-proxy.ts";

interface ObservedServer extends ListeningServer {
  readonly sessions: ServerHttp2Session[];
  /** When pings came, by `performance.now()`. */
  readonly pings: number[];
  /** Whether calls are answered. */
  answers: boolean;
}

/** A server that answers `info`, and tells of its sessions and their pings. */
async function observed(): Promise<ObservedServer> {
  const http2 = createServer();
  const [sessions, pings]: [ServerHttp2Session[], number[]] = [[], []];
  http2.on("session", (session) => {
    sessions.push(session);
    session.on("ping", () => pings.push(performance.now()));
    session.on("error", () => {
      // Of a session that a test broke.
    });
  });
  http2.on("stream", (stream) => {
    stream.on("error", () => {
      // Likewise.
    });
    stream.resume();
    if (server.answers) sendGrpc(stream, { body: grpcFrame(new Uint8Array([18, 0])) });
  });
  const server: ObservedServer = { ...(await listen(http2)), sessions, pings, answers: true };
  return server;
}

test("a connection without calls is closed after a while, and the next call makes another", async () => {
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

test("a silent connection is pinged while a call waits, and given up where nobody answers", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 50 };
  await using client = clientOf("grpc", proxy, { timeoutMs: 0, grpc });
  await client.info();
  server.answers = false;
  const waiting = rejection(client.info());
  await until(() => server.pings.length >= 2, "it is pinged, and again after the answer");
  proxy.swallow();
  const error = expectError(await waiting, CentNetworkError, { method: "info" });
  expect(error.message).toContain("a PING was not answered");
});

test("a connection without calls is not pinged, unless that is asked for", async () => {
  for (const pingIdleConnection of [false, true]) {
    await using server = await observed();
    await using client = clientOf("grpc", server, { grpc: { pingIntervalMs: 20, pingIdleConnection } });
    await client.info();
    const calm = server.pings.length;
    if (pingIdleConnection) await until(() => server.pings.length >= 2, "it is pinged");
    else await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.pings.length > calm).toBe(pingIdleConnection);
  }
});

test("a connection that was silent for long is asked before the next call, which goes to another if need be", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 50 };
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

test("a client that is closed while it asks makes no other connection", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  const grpc = { pingIntervalMs: 50, pingTimeoutMs: 10_000 };
  const client = clientOf("grpc", proxy, { timeoutMs: 60, grpc });
  await client.info({}, { timeoutMs: 0 });
  await new Promise((resolve) => setTimeout(resolve, 80));
  proxy.swallow();
  await rejection(client.info());
  await client.close();
  await until(() => proxy.sockets.size === 0, "its connection is closed");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.sessions).toHaveLength(1);
});

test("a client whose pings were too many sends them half as often", async () => {
  await using server = await observed();
  server.answers = false;
  await using client = clientOf("grpc", server, { timeoutMs: 0, grpc: { pingIntervalMs: 150 } });
  const first = rejection(client.info());
  await until(() => server.pings.length === 1, "it is pinged");
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

test("a connection without calls that is told to go away is closed", async () => {
  await using server = await observed();
  await using proxy = await swallowingProxy(server.port);
  await using client = clientOf("grpc", proxy);
  await client.info();
  server.sessions[0]?.goaway();
  // Seen from the client's side: Node's server keeps its own end open.
  await until(() => proxy.sockets.size === 0, "the client closes it");
  await client.info();
  expect(proxy.accepted()).toBe(2);
});

test("calls go to another connection when the streams of one are used up", async () => {
  await using server = await observed();
  const another = connect(`http://127.0.0.1:${server.port}`);
  const request = vi.spyOn(Object.getPrototypeOf(another), "request");
  another.destroy();
  request.mockImplementationOnce(function (this: ClientHttp2Session, ...given) {
    // Two are left. The types of Node do not have this method of its clients.
    Reflect.apply(Reflect.get(this, "setNextStreamID"), this, [2 ** 31 - 3]);
    request.mockRestore();
    return Reflect.apply(this.request, this, given);
  });
  await using client = clientOf("grpc", server);
  for (let call = 0; call < 4; call++) expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  await until(() => server.sockets.size === 1, "the first connection is closed");
  expect(server.accepted()).toBe(3);
});

test("a ping that is due as the client is closed is not sent", async () => {
  await using server = await observed();
  const client = clientOf("grpc", server, { grpc: { pingIdleConnection: true, pingIntervalMs: 20 } });
  await client.info();
  setTimeout(() => client.close(), 10);
  await new Promise<void>((resolve) => {
    // The turn is so long that both timers are over with it. A ping on what is closed would throw.
    setTimeout(() => {
      const until = performance.now() + 40;
      while (performance.now() < until);
      resolve();
    }, 5);
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expectError(await rejection(client.info()), CentRequestError, { method: "info", cause: false });
  expect(server.pings.length).toBeLessThanOrEqual(1);
});

test("calls of a new connection wait for how many streams the server takes", async () => {
  const http2 = createServer({ settings: { maxConcurrentStreams: 5 } });
  http2.on("stream", (stream) => {
    stream.resume();
    setTimeout(() => sendGrpc(stream, { body: grpcFrame(new Uint8Array([18, 0])) }), 5);
  });
  await using server = await listen(http2);
  await using client = clientOf("grpc", server);
  await expect(Promise.all(Array.from({ length: 40 }, () => client.info()))).resolves.toHaveLength(40);
});
