import { createServer as createHttp2Server } from "node:http2";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { CentClient } from "../../../src/index.ts";
import { CentNetworkError, CentTimeoutError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { listen, until } from "../../harness/listening-server.ts";
import { observedGrpc, pause, succeed } from "../../harness/observed-grpc.ts";
import { resultOf } from "../../harness/result-of.ts";

/** A server whose first `count` connections are stuck until `letGo`. */
async function stuck(count: number) {
  const http2 = createHttp2Server();
  http2.on("session", (session) => session.on("error", () => {}));
  http2.on("stream", (stream) => {
    stream.on("error", () => stream.destroy());
    stream.resume();
    succeed(stream);
  });
  const held: Socket[] = [];
  const server = await listen(
    createServer((socket) => {
      if (held.length < count) held.push(socket);
      else http2.emit("connection", socket);
    }),
  );
  // A socket without a reader does not report its end.
  const begin = (socket: Socket | undefined) => http2.emit("connection", socket);
  return { ...server, held, letGo: (index: number) => begin(held[index]) };
}

async function timeOut(client: CentClient): Promise<void> {
  const error = expectError(await rejection(client.info({}, { timeoutMs: 25 })), CentTimeoutError, {
    method: "info",
  });
  expect(error).toMatchObject({ attempts: 1, maybeExecuted: false });
}

test("a stuck connection attempt fails its call, and later calls make another", async () => {
  await using server = await stuck(1);
  await using client = clientOf("grpc", server);
  await timeOut(client);
  await expect(client.info()).resolves.toEqual(resultOf("info", { nodes: [] }));
  expect(server.accepted()).toBe(2);
  server.held[0]?.resume();
  await until(() => server.sockets.size === 1, "the stuck attempt ends");
  await client.info();
  expect(server.accepted()).toBe(2);
});

test("the first of two attempts to succeed is used, and the other attempt ends", async () => {
  await using server = await stuck(2);
  await using client = clientOf("grpc", server);
  await timeOut(client);
  const call = client.info();
  await until(() => server.held.length === 2, "the second attempt is made");
  server.letGo(0);
  await expect(call).resolves.toEqual(resultOf("info", { nodes: [] }));
  server.held[1]?.resume();
  await until(() => server.sockets.size === 1, "the second attempt ends");
  await client.info();
  expect(server.accepted()).toBe(2);
});

test("a client makes at most two attempts at a time: the older one gives way", async () => {
  await using server = await stuck(9);
  await using client = clientOf("grpc", server);
  for (let attempt = 1; attempt <= 4; attempt++) {
    await timeOut(client);
    await until(() => server.accepted() === attempt, "the attempt arrives");
    for (const socket of server.held) socket.resume();
    await until(() => server.sockets.size <= 2, "the older attempts end");
  }
  expect(server.sockets.size).toBe(2);
});

test("aborted calls and waiting calls cause no second attempt", async () => {
  await using server = await stuck(9);
  const client = clientOf("grpc", server, { timeoutMs: 0 });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 10 }, () => rejection(client.info({}, { signal })));
  await until(() => server.accepted() === 1, "the attempt is made");
  controller.abort("enough");
  await Promise.all(calls);
  const others = Array.from({ length: 10 }, () => rejection(client.info()));
  await pause(30);
  expect(server.accepted()).toBe(1);
  await client.close({ timeoutMs: 0 });
  await Promise.all(others);
});

test("an attempt that fails while another is under way rejects no call", async () => {
  await using server = await stuck(2);
  await using client = clientOf("grpc", server);
  await timeOut(client);
  const call = client.info();
  await until(() => server.held.length === 2, "the second attempt is made");
  server.held[0]?.destroy();
  await pause(10);
  server.letGo(1);
  await expect(call).resolves.toEqual(resultOf("info", { nodes: [] }));
  expect(server.accepted()).toBe(2);
});

test("the last attempt to fail rejects all calls that wait, and the next call makes another", async () => {
  await using server = await stuck(1);
  await using client = clientOf("grpc", server);
  const calls = Array.from({ length: 3 }, () => rejection(client.info()));
  await until(() => server.held.length === 1, "the attempt is made");
  server.held[0]?.destroy();
  const errors = await Promise.all(calls);
  for (const error of errors)
    expect(expectError(error, CentNetworkError, { method: "info" }).maybeExecuted).toBe(false);
  expect(new Set(errors).size).toBe(3);
  await expect(client.info()).resolves.toEqual(resultOf("info", { nodes: [] }));
});

test("a connection whose call timed out is still made and kept, and pinged with pingIdleConnection", async () => {
  const http2 = createHttp2Server();
  let pings = 0;
  http2.on("session", (session) => session.on("ping", () => pings++));
  await using server = await listen(
    createServer(async (socket) => {
      await pause(60);
      http2.emit("connection", socket);
    }),
  );
  const grpc = { pingIntervalMs: 20, pingIdleConnection: true };
  await using client = clientOf("grpc", server, { grpc });
  await timeOut(client);
  await until(() => pings > 1, "the connection is pinged");
  expect(server.accepted()).toBe(1);
});

test("a client turns server push off, and opens windows of 16 MiB for streams and the connection", async () => {
  await using server = await observedGrpc();
  await using client = clientOf("grpc", server);
  await client.info();
  expect(server.sessions[0]?.remoteSettings).toMatchObject({
    enablePush: false,
    initialWindowSize: 16 * 1024 * 1024,
  });
  const window = () => server.sessions[0]?.state.remoteWindowSize ?? 0;
  await until(() => window() > 15 * 1024 * 1024, "the window of the connection is opened");
});
