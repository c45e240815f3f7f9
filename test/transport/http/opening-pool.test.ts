import http from "node:http";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Dispatcher } from "undici";
import { afterEach, expect, test, vi } from "vitest";
import { LimitedWork } from "../../../src/limits/run-within.ts";
import type { Undici } from "../../../src/transport/http/load-undici.ts";
import type { PostClientOptions } from "../../../src/transport/http/post-client.ts";
import { endpointAt } from "../../../src/transport/http/post-client.ts";
import type * as PostClients from "../../../src/transport/http/undici-post-client.ts";

const loader = "../../../src/transport/http/load-undici.ts";
const endpoint = endpointAt("http://centrifugo.test/api/info");

afterEach(() => {
  vi.doUnmock(loader);
  vi.resetModules();
});

/** A client whose undici loads when the test says so, and gives a pool that the test drives. */
async function setUp(options: Partial<PostClientOptions> = {}) {
  const loading = Promise.withResolvers<Undici>();
  const handlers: Dispatcher.DispatchHandler[] = [];
  const destroy = vi.fn(async () => {});
  let connectorOptions: { signal?: AbortSignal } = {};
  class Pool {
    readonly destroy = destroy;
    dispatch(_options: object, handler: Dispatcher.DispatchHandler) {
      handlers.push(handler);
      return true;
    }
  }
  const buildConnector = (options: typeof connectorOptions) => {
    connectorOptions = options;
    return () => {};
  };
  const undici = { Pool, buildConnector, proxy: undefined } as unknown as Undici;
  vi.resetModules();
  const loadUndici = vi.fn((_withProxy: boolean) => loading.promise);
  vi.doMock(loader, () => ({ loadUndici }));
  const fresh: typeof PostClients = await import("../../../src/transport/http/undici-post-client.ts");
  // The mark of another copy of this module would be another one.
  const { isUnprocessed } = await import("../../../src/limits/run-within.ts");
  const client = fresh.createPostClient({ origin: endpoint.origin, ...options });
  const post = () => {
    const call = new LimitedWork<unknown>(
      0,
      undefined,
      () => {},
      () => {},
    );
    const failures: ConnectError[] = [];
    client.post(
      { endpoint, headers: {}, body: "{}" },
      call,
      () => {},
      (reason) => failures.push(reason as ConnectError),
    );
    return { call, failures };
  };
  return {
    client,
    post,
    isUnprocessed,
    handlers,
    destroy,
    loadUndici,
    load: () => settled(() => loading.resolve(undici)),
    failToLoad: (error: Error) => settled(() => loading.reject(error)),
    signal: () => connectorOptions.signal,
  };
}

async function settled(settle: () => void): Promise<void> {
  settle();
  await new Promise(setImmediate);
}

const reason = new ConnectError("enough", Code.Canceled);
const controller = { abort: () => {} } as unknown as Dispatcher.DispatchController;

test("a post that came while undici loads is sent once it has loaded, and counted when it starts", async () => {
  const { post, handlers, load } = await setUp();
  const early = post();
  expect(handlers).toEqual([]);
  await load();
  const late = post();
  expect([handlers.length, early.call.sent, late.call.sent]).toEqual([2, undefined, undefined]);
  for (const handler of handlers) handler.onRequestStart?.(controller, {});
  expect([early.call.sent, late.call.sent]).toEqual([1, 1]);
});

test("a post that is canceled while undici loads fails once, with the reason, and sends nothing", async () => {
  const { post, handlers, load } = await setUp();
  const { call, failures } = post();
  call.end(reason);
  expect(failures).toEqual([reason]);
  await load();
  expect([failures, handlers]).toEqual([[reason], []]);
});

test("a post that is canceled after undici has loaded fails once, with the reason", async () => {
  const { post, handlers, load } = await setUp();
  const { call, failures } = post();
  await load();
  call.end(reason);
  handlers[0]?.onResponseError?.(controller, new Error("late"));
  expect(failures).toEqual([reason]);
});

test("a post whose undici does not load fails as not sent, also one that comes later", async () => {
  const { post, failToLoad, client, isUnprocessed } = await setUp();
  const early = post();
  await failToLoad(new Error("no undici"));
  const late = post();
  await new Promise(setImmediate);
  for (const { failures } of [early, late]) {
    expect(failures).toMatchObject([{ rawMessage: "no undici (http://centrifugo.test)" }]);
    expect(failures.map(isUnprocessed)).toEqual([true]);
  }
  await expect(client.close()).resolves.toBeUndefined();
});

test("a post that is canceled before undici fails to load fails once, with the reason", async () => {
  const { post, failToLoad } = await setUp();
  const { call, failures } = post();
  call.end(reason);
  await failToLoad(new Error("no undici"));
  expect(failures).toEqual([reason]);
});

test("a request of the pool that fails before it starts was not sent, and one that fails later may be", async () => {
  const { post, handlers, load, isUnprocessed } = await setUp();
  const [unsent, sent] = [post(), post()];
  await load();
  handlers[1]?.onRequestStart?.(controller, {});
  for (const handler of handlers) handler.onResponseError?.(controller, new Error("refused"));
  const both = [...unsent.failures, ...sent.failures];
  expect(both.map(({ rawMessage }) => rawMessage)).toEqual(Array(2).fill("refused (http://centrifugo.test)"));
  expect(both.map(isUnprocessed)).toEqual([true, undefined]);
});

test("a client that is closed destroys its pool, and then stops connections that are still opening", async () => {
  const { client, load, destroy, signal } = await setUp();
  await load();
  destroy.mockImplementation(async () => {
    expect(signal()?.aborted).toBe(false);
  });
  await client.close();
  expect([destroy.mock.calls.length, signal()?.aborted]).toEqual([1, true]);
});

test("undici is loaded with its proxy agent if the environment names a proxy, but not for a socket path", async () => {
  const { options } = http.globalAgent as http.Agent & { options: http.AgentOptions };
  const proxyFor = async (given: Partial<PostClientOptions>) => (await setUp(given)).loadUndici.mock.calls[0];
  expect(await proxyFor({})).toEqual([false]);
  try {
    options.proxyEnv = { HTTP_PROXY: "http://proxy.test:1" };
    expect(await proxyFor({})).toEqual([true]);
    expect(await proxyFor({ socketPath: "/run/a.sock" })).toEqual([false]);
  } finally {
    delete options.proxyEnv;
  }
});
