import { getEventListeners, once } from "node:events";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import { createClient } from "../../src/index.ts";
import { clientOf, rejection } from "../harness/expected-error.ts";
import { until } from "../harness/listening-server.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofHttp, ofSockets, ofStreams } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { differences, testOfOurs } from "../harness/stock-grpc/test-of-ours.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
const message = grpcFrame(new Uint8Array([18, 0]));

class Reason extends Error {}

/** The part of the reply that comes before the abort. */
type Progress = "nothing" | "headers" | "half a body";

interface Observed {
  /** The number of calls that the server got. */
  started: number;
  /** How the calls ended, as the server saw it. */
  readonly ended: string[];
}

/** A server that leaves its first call hanging, and answers the ones after it. */
function hangingOnce(protocol: Protocol, progress: Progress, observed: Observed): StartServer {
  if (protocol === "http") {
    return ofHttp((_request, response) => {
      if (observed.started++ > 0) return response.end('{"result":{"nodes":[]}}');
      response.on("close", () => observed.ended.push("closed"));
      if (progress !== "nothing") response.writeHead(200, { "content-length": "13" }).flushHeaders();
      if (progress === "half a body") response.write('{"resu');
    });
  }
  return ofStreams((stream) => {
    const first = observed.started++ === 0;
    if (first) stream.on("close", () => observed.ended.push(`reset with ${stream.rstCode}`));
    if (first && progress === "nothing") return;
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    if (!first) stream.end(message);
    else if (progress === "half a body") stream.write(message.subarray(0, 6));
  });
}

describe.each(protocols)("%s: abort", (protocol) => {
  testOfOurs(differences.resets).each<Progress>(["nothing", "headers", "half a body"])(
    "an aborted call rejects with the reason after %s came, and the connection stays in order",
    async (progress) => {
      const observed: Observed = { started: 0, ended: [] };
      await using server = await hangingOnce(protocol, progress, observed)();
      await using client = clientOf(protocol, server);
      const controller = new AbortController();
      const call = rejection(client.info({}, { signal: controller.signal }));
      await until(() => observed.started === 1, "the call arrives");
      await new Promise((resolve) => setTimeout(resolve, 20));
      const reason = new Reason("enough");
      controller.abort(reason);
      expect(await call).toBe(reason);
      await until(() => observed.ended.length > 0, "the server sees the end of the call");
      expect(observed.ended).toEqual([protocol === "http" ? "closed" : "reset with 8"]);
      expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
      expect(server.accepted()).toBe(protocol === "http" ? 2 : 1);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    },
  );

  test("a call with an aborted signal rejects with the reason, asks for no key and sends nothing", async () => {
    let asked = 0;
    await using server = await startScripted(protocol, () => info);
    const apiKey = () => `key-${++asked}`;
    await using client = createClient({ transport: protocol, url: server.url, apiKey });
    const reason = new Reason("enough");
    expect(await rejection(client.info({}, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([asked, server.accepted(), server.received]).toEqual([0, 0, []]);
  });

  test("a call that is aborted while it connects rejects with the reason", async () => {
    // The client waits for a TLS handshake that never comes.
    await using server = await ofSockets((socket) => socket.resume())();
    await using client = clientOf(protocol, server, { url: `https://localhost:${server.port}/` });
    const controller = new AbortController();
    const call = rejection(client.info({}, { signal: controller.signal }));
    await until(() => server.accepted() === 1, "the client connects");
    const reason = new Reason("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  test("a call that is aborted in the turn of its start rejects with the reason", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = createClient({ transport: protocol, url: server.url });
    const controller = new AbortController();
    const call = rejection(client.info({}, { signal: controller.signal }));
    const reason = new Reason("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    expect(server.received.length).toBeLessThan(3);
  });

  test("a call that is aborted while it waits for its key rejects with the reason", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = createClient({
      transport: protocol,
      url: server.url,
      apiKey: () => new Promise<string>(() => {}),
    });
    const controller = new AbortController();
    const call = rejection(client.info({}, { signal: controller.signal }));
    const reason = new Reason("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(server.received).toEqual([]);
  });

  test("a call that is aborted while an interceptor hangs rejects with the reason, and aborts the interceptor's signal", async () => {
    await using server = await startScripted(protocol, () => info);
    const told: unknown[] = [];
    await using client = clientOf(protocol, server, {
      interceptors: [
        () => async (request) => {
          await once(request.signal, "abort");
          told.push(request.signal.aborted);
          return await new Promise(() => {});
        },
      ],
    });
    const controller = new AbortController();
    const call = rejection(client.info({}, { signal: controller.signal }));
    const reason = new Reason("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(told).toEqual([true]);
  });

  test.each([["a string"], [42], [null], [{ why: "an object" }]])(
    "the reason of an abort may be %j",
    async (reason) => {
      const observed: Observed = { started: 0, ended: [] };
      await using server = await hangingOnce(protocol, "nothing", observed)();
      await using client = clientOf(protocol, server);
      const controller = new AbortController();
      const call = rejection(client.info({}, { signal: controller.signal }));
      await until(() => observed.started === 1, "the call arrives");
      controller.abort(reason);
      expect(await call).toBe(reason);
    },
  );

  test("a call rejects with the signal's own AbortError or TimeoutError if it has no other reason", async () => {
    for (const [start, name] of [
      [() => abortedSoon(), "AbortError"],
      [() => AbortSignal.timeout(30), "TimeoutError"],
    ] as const) {
      const observed: Observed = { started: 0, ended: [] };
      await using server = await hangingOnce(protocol, "nothing", observed)();
      await using client = clientOf(protocol, server);
      const signal = start();
      const error = await rejection(client.info({}, { signal }));
      expect(error).toBe(signal.reason);
      expect(error).toMatchObject({ name });
    }
  });

  test("an abort after the reply changes nothing, and leaves no listener", async () => {
    await using server = await startScripted(protocol, () => info);
    await using client = createClient({ transport: protocol, url: server.url });
    const controller = new AbortController();
    const { signal } = controller;
    await Promise.all(Array.from({ length: 20 }, () => client.info({}, { signal })));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    controller.abort();
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });

  test("an abort ends its own call, and leaves other calls alone", async () => {
    const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
    await using server = await startScripted(protocol, () => go.then(() => info));
    await using client = createClient({ transport: protocol, url: server.url });
    const controller = new AbortController();
    const others = Array.from({ length: 5 }, () => client.info());
    const call = rejection(client.info({}, { signal: controller.signal }));
    await until(() => server.received.length === 6, "all calls arrive");
    const reason = new Reason("enough");
    controller.abort(reason);
    expect(await call).toBe(reason);
    letGo();
    expect(await Promise.all(others)).toEqual(Array(5).fill(resultOf("info", { nodes: [] })));
  });
});

function abortedSoon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 30);
  return controller.signal;
}
