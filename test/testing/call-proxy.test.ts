import { describe, expect, test } from "vitest";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";
import { callProxy, createTestClient } from "../../src/testing/index.ts";

async function allOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

const transports = ["http", "grpc"] as const;
const secret = "secret-of-the-proxy";

describe.each(transports)("callProxy over %s", (transport) => {
  test("a handler gets the request with its data, and its result comes back", async () => {
    const seen: unknown[] = [];
    const proxy = createProxy({
      secret,
      subscribe: {
        "chat:*": (request) => {
          seen.push(request);
          return {
            data: { page: 1 },
            info: new Uint8Array([255]),
            override: { presence: true },
            expireAt: 9,
          };
        },
      },
    });
    const request = { user: "42", channel: "chat:1", data: { a: [1] }, meta: { b: null } };
    expect(await callProxy(proxy, "subscribe", request, { transport })).toEqual({
      result: { data: { page: 1 }, info: new Uint8Array([255]), override: { presence: true }, expireAt: 9 },
    });
    const usual = { client: "test-client", transport: "websocket", protocol: "json", encoding: "json" };
    expect(seen).toEqual([expect.objectContaining({ ...usual, ...request })]);
  });

  test("refusals come back as error, disconnect or end", async () => {
    const proxy = createProxy({
      secret,
      connect: () => disconnect(4501, "banned"),
      refresh: () => expired(),
      rpc: { no: () => deny("not now", { code: 429, temporary: true }), "*": () => undefined },
    });
    expect(await callProxy(proxy, "connect", {}, { transport })).toEqual({
      disconnect: { code: 4501, reason: "banned" },
    });
    expect(await callProxy(proxy, "refresh", { user: "42" }, { transport })).toEqual({
      result: { expired: true },
    });
    expect(await callProxy(proxy, "rpc", { method: "no" }, { transport })).toEqual({
      error: { code: 429, message: "not now", temporary: true },
    });
    const denied = { error: { code: 403, message: "permission denied" } };
    expect(await callProxy(proxy, "rpc", { method: "other" }, { transport })).toEqual(denied);
    expect(await callProxy(proxy, "publish", { channel: "a", data: 1 }, { transport })).toEqual(denied);
  });

  test("an error of a handler is error 100, or a status where Centrifugo ignores errors", async () => {
    const errors: unknown[] = [];
    const failing = () => {
      throw new Error("of the database");
    };
    const proxy = createProxy({
      secret,
      onError: (error) => errors.push(error),
      mapPublish: { "*": failing },
      subRefresh: { "*": failing },
    });
    const write = { channel: "a", key: "k", data: 1 };
    expect(await callProxy(proxy, "mapPublish", write, { transport })).toEqual({
      error: { code: 100, message: "internal server error", temporary: true },
    });
    await expect(callProxy(proxy, "subRefresh", { channel: "a" }, { transport })).rejects.toMatchObject({
      name: "ProxyStatusError",
      message: `subRefresh: status ${transport === "http" ? 500 : "Internal"}`,
    });
    expect(errors).toEqual([new Error("of the database"), new Error("of the database")]);
  });

  test("events without a client keep their own fields", async () => {
    const proxy = createProxy({
      secret,
      sharedPollRefresh: {
        "*": ({ items }) => ({ items: items.map(({ key, version }) => ({ key, version: version + 1 })) }),
      },
      notifyChannelState: ({ events }) => (events.length === 1 ? {} : deny()),
    });
    const items = [{ key: "k", version: 6 }];
    expect(await callProxy(proxy, "sharedPollRefresh", { channel: "poll", items }, { transport })).toEqual({
      result: { items: [{ key: "k", version: 7 }] },
    });
    const events = [{ channel: "a", type: "occupied", timeMs: 1_700_000_000_000 }];
    expect(await callProxy(proxy, "notifyChannelState", { events }, { transport })).toEqual({ result: {} });
    expect(await callProxy(proxy, "notifyChannelState", {}, { transport })).toMatchObject({
      error: { code: 403 },
    });
  });

  test("a handler sees the given headers and the abort", async () => {
    const controller = new AbortController();
    const proxy = createProxy({
      secret,
      rpc: {
        cookie: (_request, { headers }) => ({ data: headers.get("cookie") }),
        hang: async (_request, { signal }) => {
          controller.abort();
          await expect.poll(() => signal.aborted).toBe(true);
          return { data: 1 };
        },
      },
    });
    const headers = { cookie: "session=1", "x-centrifugo-secret": "a client's own" };
    expect(await callProxy(proxy, "rpc", { method: "cookie" }, { transport, headers })).toEqual({
      result: { data: "session=1" },
    });
    const { signal } = controller;
    const hanging = callProxy(proxy, "rpc", { method: "hang" }, { transport, signal });
    // Over gRPC an answer after the abort goes nowhere.
    if (transport === "grpc") await expect(hanging).rejects.toThrow("rpc: status Canceled");
    else expect(await hanging).toEqual({ result: { data: 1 } });
  });

  test("something that is no proxy is refused", async () => {
    const wrong = callProxy({ fetch } as never, "connect", {}, { transport });
    await expect(wrong).rejects.toThrow("proxy: expected a proxy, as createProxy makes, got object");
    expect(() => createTestClient({ proxy: 5 as never })).toThrow("proxy: expected a proxy");
  });

  test("a wrong field is named", async () => {
    const proxy = createProxy({ secret, publish: { "*": () => ({}) } });
    const wrong = callProxy(proxy, "publish", { channel: "a", date: 1 } as never, { transport });
    await expect(wrong).rejects.toThrow("publish: date: unknown field; did you mean data?");
    await expect(callProxy(proxy, "publsh" as never, {} as never, { transport })).rejects.toThrow(
      'callProxy: unknown event "publsh"; did you mean publish?',
    );
  });
});

describe("streams", () => {
  test("a stream gives its answer and its publications, and ends with the handler", async () => {
    const proxy = createProxy({
      secret,
      subscribeUnidirectional: {
        "ticks:*": async function* ({ user }) {
          yield { data: { hello: user } };
          yield { data: 1, tags: { a: "b" } };
          yield { data: 2 };
        },
      },
    });
    const stream = await callProxy(proxy, "subscribeUnidirectional", { user: "42", channel: "ticks:1" });
    expect(stream.answer).toEqual({ result: { data: { hello: "42" } } });
    expect(await allOf(stream.publications)).toEqual([{ data: 1, tags: { a: "b" } }, { data: 2 }]);
    expect(() => stream.publish(1)).toThrow("subscribeUnidirectional: clients cannot publish");
  });

  test("a stream in both directions gets publications, and its handler ends with the client", async () => {
    let isOver = false;
    const proxy = createProxy({
      secret,
      subscribeBidirectional: {
        "echo:*": async function* (_request, { publications }) {
          try {
            yield {};
            for await (const { data } of publications) yield { data: { echo: data } };
          } finally {
            isOver = true;
          }
        },
      },
    });
    const { answer, publications, publish } = await callProxy(proxy, "subscribeBidirectional", {
      channel: "echo:1",
    });
    expect(answer).toEqual({ result: {} });
    publish("a");
    publish("b");
    for await (const { data } of publications) {
      expect(data).toEqual({ echo: "a" });
      break;
    }
    await expect.poll(() => isOver).toBe(true);
    publish("nobody hears this");
  });

  test("close ends a stream that only waits", async () => {
    let isOver = false;
    const proxy = createProxy({
      secret,
      subscribeUnidirectional: {
        "*": async function* (_request, { signal }) {
          try {
            yield {};
            await new Promise((resolve) => signal.addEventListener("abort", resolve));
          } finally {
            isOver = true;
          }
        },
      },
    });
    const { close, publications } = await callProxy(proxy, "subscribeUnidirectional", { channel: "a" });
    close();
    expect(await allOf(publications)).toEqual([]);
    await expect.poll(() => isOver).toBe(true);
  });

  test("a refusal is the answer of a stream, and a later error of the handler rejects", async () => {
    const proxy = createProxy({
      secret,
      onError: () => {},
      subscribeUnidirectional: {
        "*": async function* ({ channel }) {
          if (channel === "no") return yield deny();
          yield {};
          throw new Error("too late");
        },
      },
    });
    const refused = await callProxy(proxy, "subscribeUnidirectional", { channel: "no" });
    expect(refused.answer).toEqual({ error: { code: 403, message: "permission denied" } });
    expect(await allOf(refused.publications)).toEqual([]);
    const { publications } = await callProxy(proxy, "subscribeUnidirectional", { channel: "a" });
    await expect(allOf(publications)).rejects.toThrow("subscribeUnidirectional: status Internal");
  });

  test("streams and unary events work beside each other", async () => {
    const proxy = createProxy({
      secret,
      rpc: { "*": () => ({ data: 1 }) },
      subscribeUnidirectional: { "*": async function* () {} },
    });
    expect(await callProxy(proxy, "rpc", { method: "a" })).toEqual({ result: { data: 1 } });
    const { answer } = await callProxy(proxy, "subscribeUnidirectional", { channel: "a" });
    expect(answer).toEqual({ error: { code: 403, message: "permission denied" } });
  });
});
