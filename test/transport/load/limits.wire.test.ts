import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { Agent } from "undici";
import { describe, expect, test, vi } from "vitest";
import { CentrifugoApi, InfoResponseSchema } from "#api";
import type { ClientOptions } from "../../../src/index.ts";
import { CentDecodeError, CentQueueFullError, createClient } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { until } from "../../harness/listening-server.ts";
import { grpcFrame, ofGrpcReply, ofReply } from "../../harness/misbehaving-server.ts";
import { resultOf } from "../../harness/result-of.ts";
import { protocols, startScripted } from "../../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });

/** A server whose calls wait for the test. `peak` gives the most calls in flight at a time. */
async function holding(protocol: (typeof protocols)[number]) {
  const answers: (() => void)[] = [];
  let [now, peak] = [0, 0];
  const server = await startScripted(protocol, () => {
    peak = Math.max(peak, ++now);
    return new Promise((resolve) =>
      answers.push(() => {
        now--;
        resolve(info);
      }),
    );
  });
  return { ...server, answers, peak: () => peak };
}

describe.each(protocols)("%s: load", (protocol) => {
  test("a client keeps no more than maxInFlight requests in flight, and the others follow", async () => {
    await using server = await holding(protocol);
    await using client = clientOf(protocol, server, { maxInFlight: 3 });
    const calls = Array.from({ length: 20 }, () => client.info());
    for (let answered = 0; answered < 20; answered++) {
      await until(() => server.answers.length > 0, "a call arrives");
      server.answers.shift()?.();
    }
    await Promise.all(calls);
    expect([server.peak(), server.received.length]).toEqual([3, 20]);
  });

  test("a call beyond maxQueued rejects at once, and was not executed", async () => {
    await using server = await holding(protocol);
    await using client = clientOf(protocol, server, { maxInFlight: 1, maxQueued: 2 });
    const sent = client.info();
    await until(() => server.answers.length === 1, "the first call arrives");
    const waiting = [client.info(), client.info()];
    const error = expectError(await rejection(client.info()), CentQueueFullError, { method: "info" });
    expect(error).toMatchObject({ attempts: 1, maybeExecuted: false });
    expect(error.message).toBe("info: 2 calls wait to be sent, the limit maxQueued");
    for (let answered = 0; answered < 3; answered++) {
      await until(() => server.answers.length > 0, "a call arrives");
      server.answers.shift()?.();
    }
    await Promise.all([sent, ...waiting]);
    expect(server.received).toHaveLength(3);
  });

  test("a call that waits for the first connection has a place, and does not count toward maxQueued", async () => {
    await using server = await holding(protocol);
    await using client = clientOf(protocol, server, { maxInFlight: 2, maxQueued: 0 });
    const sent = [client.info(), client.info()];
    expectError(await rejection(client.info()), CentQueueFullError, { method: "info" });
    for (let answered = 0; answered < 2; answered++) {
      await until(() => server.answers.length > 0, "a call arrives");
      server.answers.shift()?.();
    }
    await Promise.all(sent);
  });

  test("a connection that was silent for long has places for calls with maxQueued: 0", async () => {
    await using server = await holding(protocol);
    const grpc = protocol === "grpc" ? { grpc: { pingIntervalMs: 20 } } : {};
    await using client = clientOf(protocol, server, { maxQueued: 0, ...grpc });
    for (let call = 0; call < 2; call++) {
      const sent = client.info();
      await until(() => server.answers.length === 1, "the call arrives");
      server.answers.shift()?.();
      await sent;
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  });

  test("a call beyond maxQueued is not retried", async () => {
    await using server = await holding(protocol);
    const retry = { baseDelayMs: 1, onRetry: () => expect.fail("the call is retried") };
    await using client = clientOf(protocol, server, { maxInFlight: 1, maxQueued: 1, retry });
    const sent = client.info();
    await until(() => server.answers.length === 1, "the first call arrives");
    const waiting = client.info();
    expectError(await rejection(client.info()), CentQueueFullError, { method: "info" });
    server.answers.shift()?.();
    await until(() => server.answers.length > 0, "the second call arrives");
    server.answers.shift()?.();
    await Promise.all([sent, waiting]);
  });

  test("a call that succeeds or fails gives its place to a call that its caller makes at once", async () => {
    const replies = new Map([
      ["refused", create(InfoResponseSchema, { error: { code: 100, message: "internal server error" } })],
      ["unreadable", create(InfoResponseSchema)],
      ["large", create(InfoResponseSchema, { result: { nodes: [{ name: "x".repeat(100_000) }] } })],
    ]);
    await using server = await startScripted(protocol, ({ headers }) => {
      const kind = headers.get("x-kind") ?? "";
      if (kind === "slow") return new Promise(() => {});
      if (kind === "lost") for (const socket of server.sockets) socket.destroy();
      return replies.get(kind) ?? info;
    });
    const limits = { maxInFlight: 1, maxQueued: 0, maxResponseBytes: 10_000 };
    await using client = clientOf(protocol, server, limits);
    for (const [kind, name] of [
      ["refused", "CentApiResponseError"],
      ["unreadable", "CentDecodeError"],
      ["large", "CentDecodeError"],
      ["slow", "CentTimeoutError"],
      ["lost", "CentNetworkError"],
    ] as const) {
      const options = { headers: { "x-kind": kind }, timeoutMs: kind === "slow" ? 50 : 5_000 };
      expect(await rejection(client.info({}, options))).toMatchObject({ name });
      for (let call = 0; call < 3; call++) expect(await client.info()).toEqual({ nodes: [] });
    }
    expect(server.received).toHaveLength(20);
  });

  test("a call that is aborted or times out gives its place back", async () => {
    await using server = await holding(protocol);
    await using client = clientOf(protocol, server, { maxInFlight: 1 });
    const controller = new AbortController();
    const aborted = rejection(client.info({}, { signal: controller.signal }));
    await until(() => server.answers.length === 1, "the first call arrives");
    const late = rejection(client.info({}, { timeoutMs: 30 }));
    controller.abort("enough");
    await Promise.all([aborted, late]);
    let isOver = false;
    const last = client.info().finally(() => {
      isOver = true;
    });
    const answerAll = () => {
      for (const answer of server.answers) answer();
      return isOver;
    };
    await until(answerAll, "the last call is answered");
    await expect(last).resolves.toEqual(resultOf("info", { nodes: [] }));
  });
});

const padding = "x".repeat(2_000);
/** A reply with a node whose name is padded. It has 2,036 bytes of JSON, and 2,009 of protobuf. */
const json = `{"result":{"nodes":[{"name":"${padding}"}]}}`;
const node = Buffer.concat([Buffer.from([18, 0xd0, 0x0f]), Buffer.from(padding)]);
const protobuf = Buffer.concat([Buffer.from([18, 0xd6, 0x0f, 10, 0xd3, 0x0f]), node]);

const ways: readonly [
  title: string,
  protocol: (typeof protocols)[number],
  options: () => Partial<ClientOptions>,
][] = [
  ["http", "http", () => ({})],
  ["grpc", "grpc", () => ({})],
  ["a dispatcher", "http", () => ({ http: { dispatcher: new Agent() } })],
  ["fetch", "http", () => ({ http: { fetch: globalThis.fetch } })],
];

describe.each(ways)("%s: maxResponseBytes", (_title, protocol, options) => {
  const size = protocol === "http" ? json.length : protobuf.byteLength;

  test("a reply of maxResponseBytes is taken, and one byte more is refused", async () => {
    const grpc = ofGrpcReply({ body: grpcFrame(protobuf) });
    await using server = await (protocol === "http" ? ofReply(200, json) : grpc)();
    await using client = clientOf(protocol, server, { ...options(), maxResponseBytes: size });
    await expect(client.info()).resolves.toMatchObject({ nodes: [{ name: padding }] });
    await using strict = clientOf(protocol, server, { ...options(), maxResponseBytes: size - 1 });
    const error = expectError(await rejection(strict.info()), CentDecodeError, { method: "info" });
    expect(error).toMatchObject({ maybeExecuted: true });
    expect(error.message).toContain(`more than ${size - 1} bytes, the limit maxResponseBytes`);
  });
});

test("a reply of 33,554,432 bytes is taken by default, and a larger one is refused", async () => {
  const mebibytes = (count: number) => `{"result":{}}${" ".repeat(count * 2 ** 20 - 13)}`;
  await using fitting = await ofReply(200, mebibytes(32))();
  await expect(clientOf("http", fitting).info()).resolves.toEqual(resultOf("info", { nodes: [] }));
  await using larger = await ofReply(200, `${mebibytes(32)} `)();
  const error = await rejection(clientOf("http", larger).info());
  expect(error).toMatchObject({ message: expect.stringContaining("more than 33554432 bytes") });
});

test("a transport object takes no options for load beside it", () => {
  const transport = createRouterTransport((router) => router.service(CentrifugoApi, {}));
  for (const beside of [
    { maxInFlight: 1 },
    { maxQueued: 1 },
    { maxResponseBytes: 1 },
    { connectTimeoutMs: 1 },
    { socketPath: "/x" },
  ])
    expect(() => createClient({ transport, ...beside })).toThrow(
      `${Object.keys(beside)[0]}: expected nothing beside a transport object`,
    );
});

test("maxQueued must be an integer of 0 or more", () => {
  for (const value of [-1, 1.5, "1"])
    expect(() => createClient({ url: "http://x/api", maxQueued: value as number })).toThrow(
      "maxQueued: expected",
    );
});

test.each(["maxInFlight", "maxResponseBytes"])("%s must be above 0", (name) => {
  for (const value of [0, -1, 1.5, "1"])
    expect(() => createClient({ url: "http://x/api", [name]: value })).toThrow(`${name}: expected`);
});

test("http: requests that cannot be encoded give their places to the next ones, however many wait", async () => {
  await using server = await holding("http");
  await using client = clientOf("http", server, { maxInFlight: 1 });
  const sent = client.info();
  await until(() => server.answers.length === 1, "the first call arrives");
  // HTTP-JSON cannot carry these bytes.
  const params = new Uint8Array([255]);
  const wrong = Array.from({ length: 5_000 }, () => rejection(client.rpc({ method: "m", params })));
  const last = client.info();
  server.answers.shift()?.();
  await Promise.all([sent, ...wrong]);
  await until(() => server.answers.length === 1, "the last call arrives");
  server.answers.shift()?.();
  await last;
});

test("connectTimeoutMs must be a time that a timer takes", () => {
  for (const value of [0, -1, 3_000_000_000])
    expect(() => createClient({ url: "http://x/api", connectTimeoutMs: value })).toThrow(
      "connectTimeoutMs: expected milliseconds above 0",
    );
});

test("waiting calls keep their deadlines by fake timers, too", async () => {
  await using server = await holding("http");
  await using client = clientOf("http", server, { maxInFlight: 1, timeoutMs: 100 });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const calls = [client.info(), client.info()];
    const passed = performance.now() + 150;
    while (performance.now() < passed) await new Promise(setImmediate);
    for (let answered = 0; answered < 2; answered++) {
      const deadline = performance.now() + 2_000;
      while (server.answers.length === 0 && performance.now() < deadline) await new Promise(setImmediate);
      server.answers.shift()?.();
    }
    await Promise.race([
      Promise.all(calls),
      new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    ]);
    expect(server.received).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
