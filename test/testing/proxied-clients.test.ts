import { describe, expect, test, vi } from "vitest";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import type { CentrifugoConfig, ProxyTransport } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { FakeClock } from "../harness/fake-clock.ts";

type ProxyOptions = Parameters<typeof createProxy>[0];

function setUp(
  handlers: Omit<ProxyOptions, "secret">,
  proxyTransport: ProxyTransport = "http",
  config?: CentrifugoConfig,
) {
  const clock = new FakeClock();
  const proxy = createProxy({ secret: "secret", onError: () => {}, ...handlers });
  const tokens = createTokens({ hmac: "0123456789abcdef0123456789abcdef" });
  return { clock, tokens, ...createTestClient({ proxy, proxyTransport, tokens, config, clock }) };
}

describe.each(["http", "grpc"] as const)("over %s", (transport) => {
  test("the proxy says who connects, with which channels", async () => {
    const requests: unknown[] = [];
    const { client, server } = setUp(
      {
        connect: (request, { headers }) => {
          requests.push([request.data, request.client, headers.get("cookie")]);
          return {
            user: "42",
            info: { name: "Ann" },
            data: { hello: 1 },
            subs: { news: { info: { role: "reader" } }, "": {} },
          };
        },
      },
      transport,
    );
    const ann = await server.connect({ data: { a: 1 }, client: "c1", headers: { cookie: "s=1" } });
    expect(requests).toEqual([[{ a: 1 }, "c1", "s=1"]]);
    expect([ann.user, ann.client, ann.data, ann.channels]).toEqual(["42", "c1", { hello: 1 }, ["news"]]);
    expect((await client.presence({ channel: "news" })).presence).toMatchObject({
      c1: { user: "42", connInfo: { name: "Ann" }, chanInfo: { role: "reader" } },
    });
    await client.publish({ channel: "news", data: "hi" });
    expect(await ann.next("publication")).toMatchObject({ data: "hi" });
  });

  test("a refused client sees the code and the message", async () => {
    const { server } = setUp(
      {
        connect: ({ data }) => {
          if (data === "banned") return disconnect(4501, "banned");
          if (data === "busy") return deny("busy", { code: 1000, temporary: true });
          if (data === "old") return { user: "42", expireAt: 1 };
          if (data === "lost") return { user: "42", channels: ["nowhere:1"] };
          if (data === "broken") throw new Error("of the database");
          return undefined;
        },
      },
      transport,
    );
    const refusal = (data: unknown) =>
      server.connect({ data }).catch((error) => ({ ...error, message: error.message }));
    const error = { name: "RefusedError", kind: "error", temporary: false };
    expect(await refusal("banned")).toEqual({ ...error, kind: "disconnect", code: 4501, message: "banned" });
    expect(await refusal("busy")).toEqual({ ...error, code: 1000, message: "busy", temporary: true });
    expect(await refusal("old")).toEqual({ ...error, code: 110, message: "expired" });
    expect(await refusal("lost")).toEqual({ ...error, code: 102, message: "unknown channel" });
    expect(await refusal("nobody")).toEqual({ ...error, code: 403, message: "permission denied" });
    const broken = { ...error, code: 100, message: "internal server error", temporary: true };
    expect(await refusal("broken")).toEqual(broken);
  });

  test("the proxy decides about subscriptions, with the user, the data and the connection's meta", async () => {
    const requests: unknown[] = [];
    const { client, server } = setUp(
      {
        connect: () => ({ user: "42", meta: { plan: "free" } }),
        subscribe: {
          "chat:*": ({ user, channel, data, meta }) => {
            requests.push({ user, channel, data, meta });
            if (channel === "chat:no") return deny("no such room");
            if (channel === "chat:out") return disconnect(4500, "out");
            return { data: { page: 1 }, info: { seat: 3 }, override: { presence: true } };
          },
        },
      },
      transport,
    );
    const ann = await server.connect({ client: "c1" });
    expect(await ann.subscribe("chat:1", { data: { since: 5 } })).toEqual({ data: { page: 1 } });
    const request = { user: "42", channel: "chat:1", data: { since: 5 }, meta: { plan: "free" } };
    expect(requests).toEqual([request]);
    expect((await client.presence({ channel: "chat:1" })).presence.c1?.chanInfo).toEqual({ seat: 3 });
    await expect(ann.subscribe("chat:1")).rejects.toMatchObject({ code: 105 });
    await expect(ann.subscribe("chat:no")).rejects.toMatchObject({ code: 403, message: "no such room" });
    await expect(ann.subscribe("other")).rejects.toMatchObject({ code: 103 });
    await expect(ann.subscribe("other:1")).rejects.toMatchObject({ code: 102 });
    expect(ann.channels).toEqual(["chat:1"]);
    await expect(ann.subscribe("chat:out")).rejects.toMatchObject({ kind: "disconnect", code: 4500 });
    expect(ann.disconnected).toEqual({ code: 4500, reason: "out" });
    await expect(ann.subscribe("chat:1")).rejects.toThrow("client c1 is disconnected");
  });

  test("the proxy may change what a client publishes, or refuse it", async () => {
    const { client, server } = setUp(
      {
        subscribe: { "*": () => ({}) },
        publish: {
          "*": ({ data }) => {
            if (data === "spam") return deny("spam");
            if (data === "as it is") return {};
            return { data: { clean: data }, tags: { by: "proxy" }, skipHistory: data === "secret" };
          },
        },
      },
      transport,
    );
    const ann = await server.connect({ user: "ann", info: { name: "Ann" } });
    await ann.subscribe("chat");
    await ann.publish("chat", "hi");
    expect(await ann.next("publication")).toMatchObject({
      data: { clean: "hi" },
      tags: { by: "proxy" },
      info: { user: "ann", connInfo: { name: "Ann" } },
    });
    await ann.publish("chat", "as it is");
    await ann.publish("chat", "secret");
    await expect(ann.publish("chat", "spam")).rejects.toMatchObject({ code: 403, message: "spam" });
    await expect(ann.publish("chat", undefined)).rejects.toMatchObject({ code: 107 });
    const { publications } = await client.history({ channel: "chat", limit: 10 });
    expect(publications.map(({ data }) => data)).toEqual([{ clean: "hi" }, "as it is"]);
  });

  test("the proxy answers calls of methods", async () => {
    const { server } = setUp(
      {
        rpc: {
          "chat.rename": ({ user, data }) => ({ data: { user, data } }),
          "quiz:*": () => deny("closed", { code: 410 }),
        },
      },
      transport,
    );
    const ann = await server.connect({ user: "ann" });
    expect(await ann.rpc("chat.rename", { to: "x" })).toEqual({ data: { user: "ann", data: { to: "x" } } });
    await expect(ann.rpc("quiz:start")).rejects.toMatchObject({ code: 410, message: "closed" });
    await expect(ann.rpc("other:start")).rejects.toMatchObject({ code: 104, message: "method not found" });
    await expect(ann.rpc("chat.delete")).rejects.toMatchObject({ code: 403 });
  });
});

describe("tokens", () => {
  test("a token says who connects, and the proxy is not asked", async () => {
    const { server, tokens } = setUp({ connect: () => deny() });
    const claims = { user: "42", expiresIn: 3600, info: { name: "Ann" }, channels: ["news"] } as const;
    const ann = await server.connect({ token: await tokens.connection(claims) });
    expect([ann.user, ann.channels]).toEqual(["42", ["news"]]);
  });

  test("a token of another key, for another channel or for another user is refused", async () => {
    const { server, tokens } = setUp({ subscribe: { "*": () => ({}) } });
    const other = createTokens({ hmac: "another-secret-of-32-characters-" });
    const token = await other.connection({ user: "42", expiresIn: 3600 });
    const invalid = { kind: "disconnect", code: 3500, message: "invalid token" };
    await expect(server.connect({ token })).rejects.toMatchObject(invalid);

    const ann = await server.connect({ user: "ann" });
    const room = { user: "ann", channel: "$room", expiresIn: 3600, data: { page: 1 } } as const;
    expect(await ann.subscribe("$room", { token: await tokens.subscription(room) })).toEqual({
      data: { page: 1 },
    });
    const forOthers = [{ channel: "$room:2" }, { user: "bob" }];
    for (const claim of forOthers) {
      const again = await server.connect({ user: "ann" });
      const stolen = await tokens.subscription({ ...room, ...claim });
      await expect(again.subscribe("$room", { token: stolen })).rejects.toMatchObject(invalid);
      expect(again.disconnected).toEqual({ code: 3500, reason: "invalid token" });
    }
    ann.unsubscribe("$room");
    await expect(ann.subscribe("$room", { token })).rejects.toMatchObject({ kind: "error", code: 103 });
  });

  test("a token that has expired is refused as such", async () => {
    const { server, tokens } = setUp({});
    vi.useFakeTimers({ now: Date.now() - 10_000, toFake: ["Date"] });
    const token = await tokens.connection({ user: "42", expiresIn: 1 }).finally(() => vi.useRealTimers());
    const ended = { kind: "error", code: 109, message: "token expired" };
    await expect(server.connect({ token })).rejects.toMatchObject(ended);
  });

  test("a token needs the option `tokens`", async () => {
    const { server } = createTestClient({ proxy: createProxy({ secret: false }) });
    await expect(server.connect({ token: "x" })).rejects.toThrow("needs the server's option `tokens`");
  });
});

describe("channels and clients about which Centrifugo does not ask", () => {
  test("names with # admit the users that they list, and $ needs a token", async () => {
    const { server } = setUp({ subscribe: { "*": () => ({}) } });
    const ann = await server.connect({ user: "ann" });
    await ann.subscribe("dialog#ann,bob");
    await expect(ann.subscribe("dialog#bob")).rejects.toMatchObject({ code: 103 });
    await expect(ann.subscribe("$room")).rejects.toMatchObject({ code: 103 });
  });

  test("without a handler of connect, a client without a token is cut off", async () => {
    const { server } = setUp({ rpc: { "*": () => ({}) } });
    await expect(server.connect()).rejects.toMatchObject({ kind: "disconnect", code: 3501 });
  });

  test("an approved subscription to a map ends with error 107, as in Centrifugo 6.9.1", async () => {
    const map = { name: "map", subscription_type: "map", map: { mode: "persistent" } };
    const { server } = setUp({ subscribe: { "map:*": () => ({}) } }, "http", {
      channel: { namespaces: [map] },
    });
    const ann = await server.connect({ user: "ann" });
    await expect(ann.subscribe("map:1")).rejects.toMatchObject({ code: 107 });
  });

  test("a subscription ends when its time is over", async () => {
    const { clock, server } = setUp({
      subscribe: { "*": () => ({ expireAt: Math.floor(clock.now() / 1000) + 60 }) },
    });
    const ann = await server.connect({ user: "ann" });
    await ann.subscribe("chat");
    clock.advance(60_000 + 25_000);
    expect(ann.channels).toEqual([]);
    expect(ann.received).toMatchObject([{ type: "unsubscribe", code: 2501 }]);
  });
});

describe("the configuration", () => {
  const handlers = {
    connect: () => ({ user: "42" }),
    subscribe: { "*": () => ({}), "chat:*": () => ({}) },
    publish: { "chat:*": () => ({ data: "of the proxy" }) },
    rpc: { "*": () => ({ data: 1 }) },
  };

  test("the switches of a configuration count where it has a proxy", async () => {
    const { server } = setUp(handlers, "http", {
      client: {
        proxy: { connect: { enabled: false, endpoint: "http://app" } },
        allow_anonymous_connect_without_token: true,
      },
      channel: {
        proxy: { subscribe: { endpoint: "http://app" } },
        without_namespace: { allow_subscribe_for_client: true, allow_publish_for_subscriber: true },
        namespaces: [{ name: "chat", subscribe_proxy_enabled: true, allow_publish_for_client: true }],
      },
      rpc: { proxy: { endpoint: "http://app" }, namespaces: [{ name: "on", proxy_enabled: true }] },
    });
    const anonymous = await server.connect();
    expect(anonymous.user).toBe("");
    await expect(anonymous.subscribe("news")).rejects.toMatchObject({ code: 103 });
    await anonymous.subscribe("chat:1");
    await expect(anonymous.publish("chat:1", 1)).rejects.toMatchObject({ code: 103 });
    const ann = await server.connect({ user: "ann" });
    await expect(ann.publish("news", 1)).rejects.toMatchObject({ code: 103 });
    await ann.subscribe("news");
    await ann.publish("news", 1);
    expect(await ann.next("publication")).toMatchObject({ data: 1 });
    await ann.publish("chat:1", "not asked");
    expect(await anonymous.next("publication")).toMatchObject({ data: "not asked" });
    await expect(ann.rpc("a")).rejects.toMatchObject({ code: 108, message: "not available" });
    await expect(ann.rpc("on:a")).rejects.toMatchObject({ code: 403 });
    expect(server.ignored).toEqual([]);
  });

  test("a configuration without a proxy gets the switches of `proxy.config()`, and keeps its own options", async () => {
    const config = { channel: { namespaces: [{ name: "chat", history_size: 5, history_ttl: "60s" }] } };
    const { client, server } = setUp(handlers, "http", config);
    const ann = await server.connect();
    expect(ann.user).toBe("42");
    await ann.subscribe("chat:1");
    await ann.publish("chat:1", 1);
    const { publications } = await client.history({ channel: "chat:1", limit: 1 });
    expect(publications.map(({ data }) => data)).toEqual(["of the proxy"]);
    await expect(client.history({ channel: "news" })).rejects.toMatchObject({ code: 108 });
    expect(server.ignored).toEqual([]);
  });

  test("without a configuration, namespaces of the proxy have history and presence", async () => {
    const { client } = setUp(handlers);
    expect((await client.presenceStats({ channel: "chat:1" })).numClients).toBe(0);
    expect((await client.history({ channel: "chat:1" })).publications).toEqual([]);
  });

  test("a server without a proxy asks nobody, and lists the switches as ignored", async () => {
    const namespaces = [{ name: "chat", subscribe_proxy_enabled: true }];
    const { server } = createTestClient({ config: { channel: { namespaces } } });
    server.connect().subscribe("chat:1");
    expect(server.ignored).toEqual(["channel.namespaces[0].subscribe_proxy_enabled"]);
  });
});
