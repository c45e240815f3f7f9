import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { describe, expect, test } from "vitest";
import type { TracedCall } from "../../src/index.ts";
import { CentTransportError } from "../../src/index.ts";
import { errorsOf, startBatching, three } from "../harness/batching-set-up.ts";
import { rejection } from "../harness/expected-error.ts";
import { protocols } from "../harness/scripted-server.ts";
import { listenToCalls } from "../harness/traced-events.ts";

describe.each(protocols)("traced requests over %s", (protocol) => {
  test("a shared request is a context of its own, with its size and its calls", async () => {
    await using set = await startBatching(protocol);
    const { of } = listenToCalls();
    await Promise.all(three(set.cent));
    const calls = of("call");
    expect(calls.map(({ method }) => method)).toEqual(["publish", "publish", "historyRemove"]);
    expect(of("request")).toMatchObject([
      {
        method: "batch",
        batchSize: 3,
        attempts: 1,
        status: protocol === "http" ? "200" : "OK",
        parent: undefined,
      },
    ]);
    expect(of("request")[0]?.calls).toEqual(calls);
    for (const call of calls) {
      expect(call).toMatchObject({ attempts: 1, batchSize: undefined });
      expect(call.request).toBe(of("request")[0]);
    }
  });

  test("the header of a shared request goes out, and none of its calls", async () => {
    await using set = await startBatching(protocol);
    listenToCalls((call) => call.setHeader("traceparent", `of a ${call.kind}`));
    await Promise.all(three(set.cent));
    expect(set.requests()).toEqual([3]);
    expect(set.server.calls.map(({ headers }) => headers.traceparent)).toEqual(["of a request"]);
  });

  test("a call of batching that goes alone sends its own header, in its own context", async () => {
    await using set = await startBatching(protocol);
    const { calls } = listenToCalls((call) => call.setHeader("traceparent", `of a ${call.kind}`));
    await set.cent.publish({ channel: "a", data: 1 });
    await set.cent.publish({ channel: "a", data: 1 }, { headers: { "x-own": "1" } });
    expect(calls.map(({ kind, attempts }) => [kind, attempts])).toEqual([
      ["call", 1],
      ["call", 1],
    ]);
    expect(set.server.calls.map(({ headers }) => headers.traceparent)).toEqual(["of a call", "of a call"]);
  });

  test("each request of batching runs in the stores that are bound to the start of calls", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await using set = await startBatching(protocol, {
      interceptors: [
        (next) => (request) => {
          seen.push(store.getStore());
          return next(request);
        },
      ],
    });
    const { start } = tracingChannel<string, TracedCall>("tscent.call");
    start.bindStore(store, ({ kind, method }) => `${kind} ${method}`);
    try {
      await set.cent.publish({ channel: "a", data: 1 });
      await Promise.all(three(set.cent));
    } finally {
      start.unbindStore(store);
    }
    expect(seen).toEqual(["call publish", "request batch"]);
  });

  test("a shared request leads to at most 128 of its calls", async () => {
    await using set = await startBatching(protocol, { batching: { maxCommands: 200, inFlight: 1 } });
    const { of } = listenToCalls();
    const calls = Array.from({ length: 200 }, (_, n) => set.cent.publish({ channel: `c${n}`, data: n }));
    await Promise.all(calls);
    const [request] = of("request");
    expect([request?.batchSize, request?.calls.length]).toEqual([200, 128]);
    expect(of("call").every((call) => call.request === request && call.attempts === 1)).toBe(true);
  });

  test("a failed request has an error, and each of its calls has one of its own", async () => {
    await using set = await startBatching(protocol);
    set.server.fail("batch", { status: 500, grpcStatus: 13 });
    const { of } = listenToCalls();
    const errors = await errorsOf(three(set.cent));
    expect(of("request")[0]?.error).toBeInstanceOf(CentTransportError);
    expect(of("call").map(({ error }) => error)).toEqual(errors);
    const status = protocol === "http" ? "500" : "INTERNAL";
    for (const call of [...of("request"), ...of("call")])
      expect(call).toMatchObject({ status, maybeExecuted: true, attempts: 1 });
  });

  test("a run is one call, whose requests are its children", async () => {
    await using set = await startBatching(protocol, { batching: false });
    const { of, events } = listenToCalls((call) => {
      if (call.kind !== "run") call.setHeader("traceparent", `of a ${call.kind}`);
    });
    const publications = Array.from({ length: 250 }, (_, n) => ({ channel: `c${n}`, data: n }));
    await set.cent.publishMany(publications, { maxCommands: 100 });
    expect(of("call")).toEqual([]);
    expect(of("run")).toMatchObject([{ method: "publishMany", rpc: undefined, error: undefined }]);
    expect(of("request").map(({ method, batchSize }) => [method, batchSize])).toEqual([
      ["batch", 100],
      ["batch", 100],
      ["batch", 50],
    ]);
    expect(of("request").every(({ parent }) => parent === of("run")[0])).toBe(true);
    expect(new Set(set.server.calls.map(({ headers }) => headers.traceparent))).toEqual(
      new Set(["of a request"]),
    );
    expect([events[0], events.at(-1)]).toEqual(["start publishMany", "asyncEnd publishMany"]);
  });

  test("the requests of a broadcastMany have the numbers of their channels", async () => {
    await using set = await startBatching(protocol, { batching: false });
    const { of } = listenToCalls();
    await set.cent.broadcastMany(["a", "b", "c"], { data: 1 });
    expect(of("request")).toMatchObject([{ method: "broadcast", channelCount: 3, batchSize: 3 }]);
  });

  test("a run has its counts in the end, and one that ends early may have executed the values that it sent", async () => {
    await using set = await startBatching(protocol, { batching: false });
    const { of } = listenToCalls();
    const values = [
      { channel: "a", data: 1 },
      { channel: "unknown:b", data: 2 },
    ];
    await set.cent.publishMany(values);
    await rejection(
      set.cent.publishMany(values, {
        onProgress() {
          throw new Error("enough");
        },
      }),
    );
    await rejection(set.cent.publishMany(values, { signal: AbortSignal.abort() }));
    const progress = { taken: 2, succeeded: 1, failed: 1, unknown: 0 };
    expect(of("run")).toMatchObject([
      { progress, maybeExecuted: undefined },
      { progress, maybeExecuted: true },
      { progress: { taken: 0, succeeded: 0, failed: 0, unknown: 0 }, maybeExecuted: false },
    ]);
  });

  test("a run that ends early publishes the error that ends it", async () => {
    await using set = await startBatching(protocol, { batching: false });
    const { of } = listenToCalls();
    const failure = new Error("the input failed");
    function* input() {
      yield { channel: "a", data: 1 };
      throw failure;
    }
    expect(await rejection(set.cent.publishMany(input()))).toBe(failure);
    expect(of("run")).toMatchObject([{ error: failure }]);
  });
});
