import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { PublishResponseSchema } from "../../gen/centrifugal/centrifugo/api/api_pb.ts";
import { CentTimeoutError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "./expected-error.ts";
import { listen } from "./listening-server.ts";
import { protocols, startScripted } from "./scripted-server.ts";

const published = create(PublishResponseSchema, { result: {} });
const request = { channel: "chat", data: {} };

/** A proxy that can drop what it forwards without telling either side, as firewalls do with idle connections. */
function swallowingProxy(port: number) {
  const open = new Set<Socket>();
  const proxy = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => end.destroy());
    socket.on("close", () => upstream.destroy());
    open.add(socket);
  });
  const swallow = () => {
    for (const socket of open) socket.unpipe().resume();
  };
  return { proxy, swallow };
}

test("a gRPC connection that is gone without a word is given up after a call that timed out", async () => {
  await using server = await startScripted("grpc", () => published);
  const { proxy, swallow } = swallowingProxy(server.port);
  await using listening = await listen(proxy);
  await using client = clientOf("grpc", listening, { timeoutMs: 300, grpc: { pingTimeoutMs: 100 } });
  await client.publish(request);
  swallow();
  expectError(await rejection(client.publish(request)), CentTimeoutError);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(client.publish(request)).resolves.toEqual({ offset: 0, epoch: "" });
});

describe.each(protocols)("%s", (protocol) => {
  test("a server that is slow with one call keeps the connection", async () => {
    let calls = 0;
    await using server = await startScripted(protocol, async () => {
      if (calls++ === 1) await new Promise((resolve) => setTimeout(resolve, 500));
      return published;
    });
    const grpc = protocol === "grpc" ? { grpc: { pingTimeoutMs: 100 } } : {};
    await using client = clientOf(protocol, server, { timeoutMs: 5_000, ...grpc });
    await client.publish(request);
    const slow = client.publish(request, { timeoutMs: 100 });
    expectError(await rejection(slow), CentTimeoutError);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.publish(request);
    // HTTP drops the connection of a call that was given up; gRPC only its stream.
    expect(server.accepted()).toBe(protocol === "grpc" ? 1 : 2);
  });
});
