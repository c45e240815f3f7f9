import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { ClientOptions, TracedCall } from "../../src/index.ts";
import { CentApiResponseError, CentNetworkError, CentRequestError, createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions, config } from "../harness/batching-set-up.ts";
import { rejection } from "../harness/expected-error.ts";
import { quick } from "../harness/retrying.ts";
import { protocols } from "../harness/scripted-server.ts";
import { listenToCalls } from "../harness/traced-events.ts";

const key = "api_key";
const publication = { channel: "chat", data: { text: "a secret of the application" } };

describe.each(protocols)("a traced call over %s", (protocol) => {
  const start = async (options: Partial<ClientOptions> = {}) => {
    const server = await startTestServer({ config });
    const cent = createClient({ ...clientOptions(protocol, server), ...options });
    return {
      server,
      cent,
      async [Symbol.asyncDispose]() {
        await server.close();
        await cent.close();
      },
    };
  };

  test("a call publishes start, end, asyncStart and asyncEnd, with its facts", async () => {
    await using set = await start();
    const { events, calls } = listenToCalls();
    await set.cent.publish(publication);
    expect(events).toEqual(["start publish", "end publish", "asyncStart publish", "asyncEnd publish"]);
    const { port } = new URL(protocol === "http" ? set.server.httpUrl : set.server.grpcUrl);
    expect(calls).toEqual([
      expect.objectContaining({
        kind: "call",
        method: "publish",
        rpc: "centrifugal.centrifugo.api.CentrifugoApi/Publish",
        channel: "chat",
        channelCount: undefined,
        batchSize: undefined,
        transport: protocol,
        address: "127.0.0.1",
        port: Number(port),
        attempts: 1,
        status: protocol === "http" ? "200" : "OK",
        maybeExecuted: undefined,
        error: undefined,
      }),
    ]);
  });

  test("a broadcast has the number of its channels, and a batch that of its commands", async () => {
    await using set = await start();
    const { calls } = listenToCalls();
    await set.cent.broadcast({ channels: ["a", "b"], data: 1 });
    await set.cent.batch({ commands: [{ publish: publication }, { info: {} }, { info: {} }] });
    expect(calls.map(({ channelCount, batchSize }) => [channelCount, batchSize])).toEqual([
      [2, undefined],
      [undefined, 3],
    ]);
  });

  test("a context holds no data, no key and no result", async () => {
    await using set = await start();
    const { calls } = listenToCalls();
    await set.cent.publish(publication, { headers: { "x-own": "a-header-of-the-call" } });
    await set.cent.history({ channel: "chat", limit: 1 });
    for (const call of calls) {
      const shown = inspect(call, { depth: 10, showHidden: true, getters: true });
      expect(shown).not.toMatch(/a secret of the application|api_key|a-header-of-the-call/);
      expect(Reflect.get(call, "result")).toBeUndefined();
    }
    expect(calls).toHaveLength(2);
  });

  test("a failed call publishes its error, with Centrifugo's code", async () => {
    await using set = await start();
    const { events, calls } = listenToCalls();
    const error = await rejection(set.cent.publish({ channel: "unknown:x", data: 1 }));
    expect(error).toBeInstanceOf(CentApiResponseError);
    expect(events).toEqual([
      "start publish",
      "end publish",
      "error publish",
      "asyncStart publish",
      "asyncEnd publish",
    ]);
    expect(calls[0]).toMatchObject({ status: "102", maybeExecuted: false, attempts: 1 });
    expect(calls[0]?.error).toBe(error);
  });

  test("a call that is refused before it is sent has no attempt", async () => {
    await using set = await start();
    const { calls } = listenToCalls();
    const error = await rejection(set.cent.publish({ channel: "chat", dta: 1 } as never));
    await set.cent.close();
    const closed = await rejection(set.cent.info());
    expect([error, closed]).toEqual([expect.any(CentRequestError), expect.any(CentRequestError)]);
    expect(calls.map((call) => call.error)).toEqual([error, closed]);
    for (const call of calls)
      expect(call).toMatchObject({ attempts: 0, maybeExecuted: false, status: undefined });
  });

  test("a request whose property cannot be read is traced as refused", async () => {
    await using set = await start();
    const { calls } = listenToCalls();
    const request = {
      get channel(): string {
        throw new Error("no channel today");
      },
      data: 1,
    };
    await rejection(set.cent.publish(request));
    expect(calls[0]).toMatchObject({ channel: undefined, attempts: 0, error: expect.any(Error) });
  });

  test("a call without a connection has the status that gRPC gives it, and none over HTTP", async () => {
    await using set = await start();
    await set.server.close();
    const { calls } = listenToCalls();
    const error = await rejection(set.cent.publish(publication));
    expect(error).toBeInstanceOf(CentNetworkError);
    const status = protocol === "http" ? undefined : "UNAVAILABLE";
    expect(calls[0]).toMatchObject({ error, status, attempts: 1, maybeExecuted: false });
  });

  test("an aborted call has its signal's reason as its error, and may be executed", async () => {
    await using set = await start();
    set.server.fail("publish", { delayMs: 60_000 });
    const { calls } = listenToCalls();
    const controller = new AbortController();
    const call = set.cent.publish(publication, { signal: controller.signal });
    await expect.poll(() => set.server.calls.length).toBe(1);
    controller.abort("enough");
    expect(await rejection(call)).toBe("enough");
    const status = protocol === "http" ? undefined : "CANCELLED";
    expect(calls[0]).toMatchObject({ error: "enough", status, maybeExecuted: true, attempts: 1 });
  });

  test("a call has one context for all its attempts, which send the same headers", async () => {
    await using set = await start({ retry: quick });
    set.server.fail("history", { code: 100 });
    const { calls } = listenToCalls((call) => call.setHeader("X-Trace", "one"));
    await set.cent.history({ channel: "chat" });
    expect(calls).toMatchObject([{ attempts: 2, maybeExecuted: undefined }]);
    expect(set.server.calls.map(({ headers }) => headers["x-trace"])).toEqual(["one", "one"]);
  });

  test("a subscriber's header joins those of the client and the call", async () => {
    await using set = await start({ headers: { "x-client": "1" } });
    listenToCalls((call) => call.setHeader("traceparent", "00-1"));
    await set.cent.publish(publication, { headers: { "x-call": "2" } });
    expect(set.server.calls[0]?.headers).toMatchObject({
      traceparent: "00-1",
      "x-client": "1",
      "x-call": "2",
      authorization: `apikey ${key}`,
    });
  });

  test.each([
    ["authorization", "apikey other"],
    ["X-API-Key", "other"],
    ["content-type", "text/plain"],
    ["grpc-timeout", "1S"],
    ["x-a", "line\nbreak"],
    ["x a", "1"],
  ])("a subscriber cannot set the header %s to %j", async (name, value) => {
    await using set = await start();
    const errors: unknown[] = [];
    listenToCalls((call) => {
      try {
        call.setHeader(name, value);
      } catch (error) {
        errors.push(error);
      }
    });
    await set.cent.publish(publication);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(/^headers\b/) })]);
    expect(errors[0]).toBeInstanceOf(Error);
    expect(set.server.calls[0]?.headers.authorization).toBe(`apikey ${key}`);
  });

  test("a subscriber changes a call during its start only", async () => {
    await using set = await start();
    const { calls } = listenToCalls();
    const call = set.cent.publish(publication);
    expect(() => calls[0]?.setHeader("x-late", "1")).toThrow("during its `start` event only");
    expect(() => calls[0]?.wrap((run) => run())).toThrow("during its `start` event only");
    await call;
    expect(set.server.calls[0]?.headers["x-late"]).toBeUndefined();
  });

  test("a call runs through the functions that subscribers give, the last one outermost", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const apiKey = () => {
      seen.push(store.getStore());
      return key;
    };
    await using set = await start({ apiKey });
    listenToCalls((call) => {
      call.wrap((run) => store.run(`${store.getStore()} inner`, run));
      call.wrap((run) => store.run("outer", run));
    });
    await set.cent.publish(publication);
    expect(seen).toEqual(["outer inner"]);
    expect(store.getStore()).toBeUndefined();
  });

  test("a call runs in the stores that are bound to the start of calls", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    await using set = await start({
      apiKey: () => {
        seen.push(store.getStore());
        return key;
      },
    });
    const { start: starts } = tracingChannel<string, TracedCall>("tscent.call");
    starts.bindStore(store, ({ method }) => `within ${method}`);
    try {
      await set.cent.publish(publication);
    } finally {
      starts.unbindStore(store);
    }
    expect(seen).toEqual(["within publish"]);
  });

  test("a traced call that is returned from an `await using` block is no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      listenToCalls();
      const set = await start();
      set.server.fail("publish", { delayMs: 60_000 });
      const call = set.cent.publish(publication);
      await set.cent.close({ timeoutMs: 5 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(unhandled).toEqual([]);
      await rejection(call);
      await set.server.close();
    } finally {
      process.off("unhandledRejection", note);
    }
  });
});
