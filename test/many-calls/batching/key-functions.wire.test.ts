import { AsyncLocalStorage } from "node:async_hooks";
import type { Interceptor } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createClient } from "../../../src/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { clientOptions, config, startBatching } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";

const tenants = new AsyncLocalStorage<string>();
const data = { text: "hi" };

/** A server that takes any key, and a batching client with an `apiKey` function. */
async function startTenants(
  protocol: (typeof protocols)[number],
  apiKey: () => string | Promise<string>,
  options: { interceptors?: Interceptor[]; timeoutMs?: number } = {},
) {
  const server = await startTestServer({
    config: { ...config, http_api: { insecure: true }, grpc_api: { insecure: true } },
  });
  const cent = createClient({ ...clientOptions(protocol, server), ...options, apiKey, batching: true });
  const keys = () => server.calls.map(({ headers }) => headers.authorization);
  return { server, cent, keys, [Symbol.asyncDispose]: () => cent.close().then(() => server.close()) };
}

describe.each(protocols)("%s: batching with an apiKey function", (protocol) => {
  test("the apiKey function runs once for each call, in the call's async context", async () => {
    const asked: (string | undefined)[] = [];
    await using it = await startTenants(protocol, async () => {
      asked.push(tenants.getStore());
      await new Promise(setImmediate);
      return `key-of-${tenants.getStore()}`;
    });
    const publish = (tenant: string) => tenants.run(tenant, () => it.cent.publish({ channel: tenant, data }));
    await Promise.all([publish("a"), publish("b"), publish("c")]);
    expect(asked).toEqual(["a", "b", "c"]);
    expect(it.keys().sort()).toEqual(["apikey key-of-a", "apikey key-of-b", "apikey key-of-c"]);
  });

  test("calls share a request only if they have the same key", async () => {
    await using it = await startTenants(protocol, () => `${tenants.getStore()}`);
    const calls = ["one", "two", "one", "two", "one"].map((tenant, n) =>
      tenants.run(`${tenant}-key`, () => it.cent.publish({ channel: `c${n}`, data })),
    );
    await Promise.all(calls);
    const sent = it.server.calls.map(({ headers, request }) => [
      headers.authorization,
      (request.commands as { publish: { channel: string } }[]).map(({ publish }) => publish.channel),
    ]);
    expect(sent.sort()).toEqual([
      ["apikey one-key", ["c0", "c2", "c4"]],
      ["apikey two-key", ["c1", "c3"]],
    ]);
  });

  test("a call keeps its place in the order of its channel, however late its key comes", async () => {
    const delays = [30, 0, 15, 0];
    await using it = await startTenants(protocol, async () => {
      await new Promise((resolve) => setTimeout(resolve, delays.shift()));
      return `key-${delays.length % 2}`;
    });
    const subscriber = it.server.connect({ channels: ["a"] });
    await Promise.all([1, 2, 3, 4].map((n) => it.cent.publish({ channel: "a", data: n })));
    expect(subscriber.received.map((push) => push.type === "publication" && push.data)).toEqual([1, 2, 3, 4]);
  });

  test("calls about other channels do not wait for a call whose key is late", async () => {
    const late = Promise.withResolvers<string>();
    const keys = [late.promise, "second-key"];
    await using it = await startTenants(protocol, async () => keys.shift() ?? expect.fail());
    const first = it.cent.publish({ channel: "a", data });
    await it.cent.publish({ channel: "b", data });
    expect(it.server.calls).toHaveLength(1);
    late.resolve("first-key");
    await first;
  });

  test("an apiKey function that fails rejects only the call that it ran for", async () => {
    let asked = 0;
    await using it = await startTenants(protocol, async () => {
      if (asked++ === 1) throw new Error("no key today");
      return "the-key";
    });
    const [first, second, third] = await Promise.allSettled(
      [1, 2, 3].map((n) => it.cent.publish({ channel: "a", data: n })),
    );
    expect([first?.status, third?.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(second).toMatchObject({ reason: { name: "CentRequestError", attempts: 0, maybeExecuted: false } });
  });

  test("shared requests and their interceptors run outside of every caller's async context", async () => {
    const seen: (string | undefined)[] = [];
    const watching: Interceptor = (next) => (request) => {
      seen.push(tenants.getStore());
      return next(request);
    };
    await using it = await startTenants(protocol, () => "the-key", { interceptors: [watching] });
    const publish = (tenant: string) => tenants.run(tenant, () => it.cent.publish({ channel: tenant, data }));
    await Promise.all([publish("a"), publish("b")]);
    await publish("c");
    expect(seen).toEqual([undefined, undefined]);
    expect(it.server.calls.map(({ method }) => method)).toEqual(["batch", "publish"]);
  });

  test("timeoutMs: 0 means no limit after a slow key, batched or not", async () => {
    for (const batching of [false, true]) {
      await using server = await startTestServer({ config });
      const apiKey = () => new Promise<string>((resolve) => setTimeout(resolve, 20, server.apiKey));
      const options = { ...clientOptions(protocol, server), apiKey, batching, timeoutMs: 0 };
      await using cent = createClient(options);
      server.fail("*", { delayMs: 60 });
      await expect(cent.publish({ channel: "a", data })).resolves.toMatchObject({ offset: 1 });
    }
  });

  test("the time that the key takes counts toward the call's deadline", async () => {
    const apiKey = () => new Promise<string>((resolve) => setTimeout(resolve, 500, "late-key"));
    await using it = await startBatching(protocol, { apiKey, timeoutMs: 50 });
    const error = await rejection(it.cent.publish({ channel: "a", data }));
    expect(error).toMatchObject({ name: "CentTimeoutError", attempts: 0, maybeExecuted: false });
    expect(it.requests()).toEqual([]);
  });

  test("the calls behind a call that times out before its key comes are sent", async () => {
    const keys = [new Promise<string>(() => {}), Promise.resolve("api_key")];
    await using it = await startTenants(protocol, () => keys.shift() ?? "api_key", { timeoutMs: 5_000 });
    const first = rejection(it.cent.publish({ channel: "chat", data }, { timeoutMs: 50 }));
    const second = it.cent.publish({ channel: "chat", data });
    expect(await first).toMatchObject({ name: "CentTimeoutError", maybeExecuted: false, attempts: 0 });
    await second;
    expect(it.keys()).toEqual(["apikey api_key"]);
  });
});
