import { createServer } from "node:http2";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import { CentNetworkError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { listen, until } from "../harness/listening-server.ts";
import { grpcFrame, sendGrpc } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { ScriptedServer } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
const inFlight = 10;

/** Kills the server under calls of one client, and gives their errors. The port stays free. */
async function killed(client: ReturnType<typeof clientOf>, server: ScriptedServer) {
  const calls = Array.from({ length: inFlight }, () => rejection(client.info()));
  await until(() => server.received.length >= inFlight, "all calls arrive");
  await server[Symbol.asyncDispose]();
  return Promise.all(calls);
}

describe.each(protocols)("%s: a server that dies", (protocol) => {
  test("calls in flight reject with CentNetworkError as the server dies, and the client works when it is back", async () => {
    const hanging = await startScripted(protocol, () => new Promise(() => {}));
    await using client = clientOf(protocol, hanging, { timeoutMs: 5_000 });
    const errors = await killed(client, hanging);
    for (const error of errors) expectError(error, CentNetworkError, { method: "info" });

    // While the server is gone, each call fails at once.
    for (let call = 0; call < 3; call++) {
      expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    }

    await using back = await startScripted(protocol, () => info, { port: hanging.port });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    expect(back.received).toHaveLength(1);
  });

  test("a connection that dies under a call with a signal is a CentNetworkError, not an abort", async () => {
    await using server = await startScripted(protocol, () => new Promise(() => {}));
    await using client = clientOf(protocol, server);
    const { signal } = new AbortController();
    const call = rejection(client.info({}, { signal }));
    await until(() => server.received.length === 1, "the call arrives");
    for (const socket of server.sockets) socket.destroy();
    expectError(await call, CentNetworkError, { method: "info" });
  });

  test("a connection that died while idle does not fail the next call", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = clientOf(protocol, server);
    for (let round = 0; round < 3; round++) {
      expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
      for (const socket of server.sockets) socket.destroy();
      // The client must learn of the loss: until then a dead connection looks like a quiet one.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(server.received).toHaveLength(3);
  });

  test("calls that race with the end of the connection succeed or are CentNetworkErrors", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = clientOf(protocol, server);
    let [succeeded, failed] = [0, 0];
    for (let round = 0; round < 30; round++) {
      const calls = Array.from({ length: 4 }, () => client.info());
      if (round % 3 === 0) await new Promise(setImmediate);
      for (const socket of server.sockets) socket.destroy();
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === "fulfilled") succeeded++;
        else {
          failed++;
          expectError(outcome.reason, CentNetworkError, { method: "info" });
        }
      }
    }
    expect(failed).toBeGreaterThan(0);
    expect(succeeded).toBeGreaterThan(0);
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });
});

test("grpc: a graceful GOAWAY lets calls in flight end, and later calls go to a new connection", async () => {
  const http2 = createServer();
  const pending: (() => void)[] = [];
  http2.on("stream", (stream) => {
    stream.resume();
    pending.push(() => sendGrpc(stream, { body: grpcFrame(new Uint8Array([18, 0])) }));
    if (pending.length === 1) stream.session?.goaway();
    else for (const answer of pending) answer();
  });
  await using server = await listen(http2);
  await using client = clientOf("grpc", server);
  const first = client.info();
  await until(() => pending.length === 1, "the first call arrives");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await Promise.all([first, client.info()])).toEqual(Array(2).fill(resultOf("info", { nodes: [] })));
  expect(server.accepted()).toBe(2);
});
