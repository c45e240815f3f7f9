import { Code, ConnectError } from "@connectrpc/connect";
import type { Dispatcher } from "undici";
import { describe, expect, test, vi } from "vitest";
import { isUnprocessed, LimitedWork } from "../../../src/limits/run-within.ts";
import {
  createFetchPostClient,
  createPostClient as createRuntimePostClient,
} from "../../../src/transport/http/fetch-post-client.ts";
import type { PostClient, PostResponse } from "../../../src/transport/http/post-client.ts";
import { endpointAt } from "../../../src/transport/http/post-client.ts";
import { createPostClient } from "../../../src/transport/http/undici-post-client.ts";

const endpoint = endpointAt("http://centrifugo.test/api/info");
const request = { endpoint, headers: { "x-a": "1" }, body: "{}" };

/** Posts once, and gives what came of it. */
function post(client: PostClient) {
  const call = new LimitedWork<unknown>(
    0,
    undefined,
    () => {},
    () => {},
  );
  const responses: PostResponse[] = [];
  const failures: unknown[] = [];
  const over = Promise.withResolvers<void>();
  client.post(
    request,
    call,
    (response) => over.resolve(void responses.push(response)),
    (reason) => over.resolve(void failures.push(reason)),
  );
  return { call, responses, failures, over: over.promise, failure: () => failures[0] as ConnectError };
}

const text = (response: PostResponse | undefined) => Buffer.from(response?.body ?? []).toString();

describe("a client that posts by fetch", () => {
  const over = (fetch: unknown, most?: number) =>
    post(createFetchPostClient(fetch as typeof globalThis.fetch, most));

  test("a post sends the request, counts it, and gives the whole response", async () => {
    const fetch = vi.fn(async () => new Response("hello", { status: 201, headers: { "x-b": "2" } }));
    const { call, responses, over: done } = over(fetch);
    expect(call.sent).toBe(1);
    await done;
    expect(fetch).toHaveBeenCalledExactlyOnceWith(endpoint.href, {
      method: "POST",
      headers: request.headers,
      body: "{}",
      redirect: "manual",
      signal: expect.any(AbortSignal),
    });
    expect([responses[0]?.status, text(responses[0])]).toEqual([201, "hello"]);
    expect(responses[0]?.headers().get("x-b")).toBe("2");
  });

  test("a post takes a response without a stream", async () => {
    const arrayBuffer = async () => Uint8Array.of(104, 105).buffer;
    const { responses, over: done } = over(async () => ({
      status: 200,
      headers: new Headers(),
      arrayBuffer,
    }));
    await done;
    expect(text(responses[0])).toBe("hi");
  });

  test("a post refuses a response above its limit, and takes one of the limit", async () => {
    const fetch = async () => new Response("hello");
    const fine = over(fetch, 5);
    await fine.over;
    expect(text(fine.responses[0])).toBe("hello");
    const large = over(fetch, 4);
    await large.over;
    expect(large.failure().rawMessage).toBe("the reply has more than 4 bytes, the limit maxResponseBytes");
  });

  test("a post takes a response of 32 MiB by default, and no larger one", async () => {
    const most = 32 * 1024 * 1024;
    for (const [size, count] of [
      [most, 1],
      [most + 1, 0],
    ] as const) {
      const body = [new Uint8Array(size)];
      const { responses, over: done } = over(async () => ({ status: 200, headers: new Headers(), body }));
      await done;
      expect(responses).toHaveLength(count);
    }
  });

  test("a post aborts the request with its call", async () => {
    const signals: AbortSignal[] = [];
    const {
      call,
      failure,
      over: done,
    } = over((_url: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const reason = new ConnectError("aborted", Code.Canceled);
    call.end(reason);
    await done;
    expect(signals[0]?.reason).toBe(reason);
    expect(failure().rawMessage).toBe("aborted (http://centrifugo.test)");
  });

  test("a failed post says what is behind an error of fetch", async () => {
    const outer = new TypeError("fetch failed", { cause: new Error("no route") });
    const { failure, over: done } = over(() => Promise.reject(outer));
    await done;
    expect(failure()).toMatchObject({
      code: Code.Unavailable,
      rawMessage: "no route (http://centrifugo.test)",
    });
    expect((failure().cause as Error).cause).toBe(outer);
    const odd = over(() => Promise.reject(new TypeError("fetch failed", { cause: "text" })));
    await odd.over;
    expect(odd.failure().rawMessage).toBe("fetch failed (http://centrifugo.test)");
    const bare = over(() => Promise.reject("nothing"));
    await bare.over;
    expect(bare.failure().rawMessage).toBe("nothing (http://centrifugo.test)");
  });

  test("a client of fetch has nothing to close", async () => {
    expect(await createFetchPostClient(fetch).close()).toBeUndefined();
  });
});

describe("a client of a runtime without undici", () => {
  const origin = endpoint.origin;

  test("the client posts by the runtime's fetch", async () => {
    const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("hello"));
    try {
      const { responses, over: done } = post(createRuntimePostClient({ origin }));
      await done;
      expect(text(responses[0])).toBe("hello");
      expect(spy).toHaveBeenCalledOnce();
      const limited = post(createRuntimePostClient({ origin, maxResponseBytes: 4 }));
      await limited.over;
      expect(limited.failures).toHaveLength(1);
    } finally {
      spy.mockRestore();
    }
  });

  test.each<[object, string]>([
    [{ tls: {} }, "tls: this runtime has no TLS settings for fetch; expected none"],
    [{ dispatcher: {} }, "http.dispatcher: undici needs Node.js; use http.fetch here"],
    [{ socketPath: "/x" }, "socketPath: fetch has no such setting; expected none"],
    [{ connectTimeoutMs: 1 }, "connectTimeoutMs: fetch has no such setting; expected none"],
    [{ keepAliveMs: 1 }, "http.keepAliveMs: fetch has no such setting; expected none"],
  ])("the client refuses %o", (options, message) => {
    expect(() => createRuntimePostClient({ origin, ...options })).toThrow(new TypeError(message));
  });
});

describe("a client that posts over a dispatcher", () => {
  /** A post over a dispatcher that is driven by hand. */
  function driven(maxResponseBytes?: number) {
    let handler: Dispatcher.DispatchHandler = {};
    let options: Dispatcher.DispatchOptions | undefined;
    const dispatch = (given: Dispatcher.DispatchOptions, given2: Dispatcher.DispatchHandler) => {
      [options, handler] = [given, given2];
      return true;
    };
    const dispatcher = { dispatch } as unknown as Dispatcher;
    const client = createPostClient({ origin: endpoint.origin, dispatcher, maxResponseBytes });
    const posted = post(client);
    const abort = vi.fn();
    const controller = { abort } as unknown as Dispatcher.DispatchController;
    return {
      ...posted,
      client,
      options,
      abort,
      begin: () => handler.onRequestStart?.(controller, {}),
      head: (status: number, headers: Record<string, string> = {}) =>
        handler.onResponseStart?.(controller, status, headers, "OK"),
      data: (chunk: string) => handler.onResponseData?.(controller, Buffer.from(chunk)),
      end: () => handler.onResponseEnd?.(controller, {}),
      fail: (error: unknown) => handler.onResponseError?.(controller, error as Error),
    };
  }

  test("a post sends the request, counts it, and gives the whole response", async () => {
    const it = driven();
    expect(it.options).toEqual({
      origin: endpoint.origin,
      path: "/api/info",
      method: "POST",
      headers: request.headers,
      body: "{}",
    });
    expect(it.call.sent).toBe(1);
    it.begin();
    expect(it.call.sent).toBe(1);
    it.head(202, { "x-b": "2" });
    it.data("hel");
    it.data("lo");
    it.end();
    expect([it.responses[0]?.status, text(it.responses[0])]).toEqual([202, "hello"]);
    expect(it.responses[0]?.headers().get("x-b")).toBe("2");
    it.fail(new Error("late"));
    it.end();
    expect([it.responses.length, it.failures.length]).toEqual([1, 0]);
    expect(await it.client.close()).toBeUndefined();
  });

  test("a cancellation aborts a request that has begun, and gives up one that has not", () => {
    const reason = new ConnectError("aborted", Code.Canceled);
    const begun = driven();
    begun.begin();
    begun.call.end(reason);
    expect(begun.abort).toHaveBeenCalledExactlyOnceWith(reason);
    expect(begun.failures).toEqual([]);
    const waiting = driven();
    waiting.call.end(reason);
    expect(waiting.failures).toEqual([reason]);
    waiting.fail(new Error("late"));
    expect(waiting.failures).toEqual([reason]);
  });

  test("a post refuses a response above its limit, and takes one of the limit", () => {
    const fine = driven(5);
    fine.head(200);
    fine.data("hello");
    fine.end();
    expect([fine.abort.mock.calls.length, text(fine.responses[0])]).toEqual([0, "hello"]);
    const large = driven(4);
    large.head(200);
    large.data("hello");
    expect(large.abort).toHaveBeenCalledOnce();
    large.fail(new Error("aborted"));
    expect(large.failure().rawMessage).toBe("the reply has more than 4 bytes, the limit maxResponseBytes");
  });

  test("a reply that breaks at its limit is a lost connection, not one above the limit", () => {
    const it = driven(5);
    it.head(200);
    it.data("hello");
    it.fail(new Error("other side closed"));
    expect(it.failure().rawMessage).toBe("other side closed (http://centrifugo.test)");
  });

  test("a post fails with the words of the dispatcher, and leaves open whether it was sent", () => {
    const it = driven();
    it.fail(new Error("other side closed"));
    expect(it.failure().rawMessage).toBe("other side closed (http://centrifugo.test)");
    expect(isUnprocessed(it.failure())).toBeUndefined();
  });

  test("a post takes an error with a status for a response", () => {
    const it = driven();
    it.fail({ statusCode: 503, headers: { "retry-after": "7" }, body: "busy" });
    expect([it.responses[0]?.status, text(it.responses[0])]).toEqual([503, "busy"]);
    expect(it.responses[0]?.headers().get("retry-after")).toBe("7");
    const json = driven();
    json.fail({ statusCode: 100, body: { code: 1 } });
    expect([json.responses[0]?.status, text(json.responses[0])]).toEqual([100, '{"code":1}']);
    expect([...(json.responses[0]?.headers() ?? [])]).toEqual([]);
    const empty = driven();
    empty.fail({ statusCode: 500 });
    expect(text(empty.responses[0])).toBe('""');
    for (const statusCode of [99, "503", undefined]) {
      const other = driven();
      other.fail(Object.assign(new Error("x"), { statusCode }));
      expect([other.responses.length, other.failures.length]).toEqual([0, 1]);
    }
  });
});
