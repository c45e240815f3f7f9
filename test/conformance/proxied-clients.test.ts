import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import type { ProxiedTestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { listen } from "../harness/listening-server.ts";
import { tokenSecret } from "../harness/token-makers.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import type { Actor, Outcome } from "./proxied-actors.ts";
import { embeddedActor, officialActor } from "./proxied-actors.ts";
import { whyNotReal } from "./servers.ts";

// The same proxy answers a real Centrifugo, with the official client, and the embedded server. Both have one config.json.

const obstacle = whyNotReal("a configuration of its own");
const title = `clients of a proxy, embedded and with a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`;

const tokens = createTokens({ hmac: tokenSecret });
const proxy = createProxy({
  secret: "the-secret-of-the-proxy",
  onError: () => {},
  connect: ({ data }) => {
    if (data === "banned") return disconnect(4501, "banned");
    if (data === "old") return { user: "42", expireAt: 1 };
    if (data === "lost") return { user: "42", channels: ["nowhere:1"] };
    if (data === "no") return deny("no entry", { code: 401 });
    return { user: "42", data: { welcome: data }, channels: ["news"], meta: { plan: "free" } };
  },
  subscribe: {
    "*": () => ({}),
    "map:*": () => ({}),
    "chat:*": ({ channel, data, meta }) => {
      if (channel === "chat:no") return deny("no such room", { code: 404 });
      if (channel === "chat:old") return { expireAt: 1 };
      return { data: { data, meta } };
    },
  },
  publish: {
    "chat:*": ({ channel, data }) => (channel === "chat:no" ? deny("spam") : { data: { clean: data } }),
  },
  rpc: {
    "*": ({ method, user, data }) => (method === "no" ? deny("not you") : { data: { user, data } }),
    "quiz:*": () => undefined,
  },
  subscribeBidirectional: {
    "echo:*": async function* ({ channel }, { publications }) {
      if (channel === "echo:no") return yield deny("closed");
      yield { data: "first" };
      for await (const { data } of publications) {
        if (data === "end") return;
        if (data === "fail") throw new Error("of the feed");
        yield { data: { echo: data } };
      }
    },
  },
});

/** Each scenario gives the outcomes that the client saw. */
const scenarios: Readonly<Record<string, (actor: Actor) => Promise<Outcome[]>>> = {
  "a welcome": async (actor) => [await actor.connect({ data: "hi" })],
  "a disconnect in place of a welcome": async (actor) => [await actor.connect({ data: "banned" })],
  "a denial in place of a welcome": async (actor) => [await actor.connect({ data: "no" })],
  "a welcome that has expired": async (actor) => [await actor.connect({ data: "old" })],
  "a welcome to an unknown channel": async (actor) => [await actor.connect({ data: "lost" })],
  "a token": async (actor) => [
    await actor.connect({ token: await tokens.connection({ user: "42", expiresIn: 60 }) }),
    await actor.rpc("whoami"),
  ],
  "an invalid token": async (actor) => [await actor.connect({ token: "a.b.c" })],
  subscriptions: async (actor) => {
    await actor.connect({ data: "hi" });
    const token = await tokens.subscription({ user: "42", channel: "$own", expiresIn: 60, data: 7 });
    return [
      await actor.subscribe("chat:1", { data: [1] }),
      await actor.subscribe("chat:no"),
      await actor.subscribe("chat:old"),
      await actor.subscribe("free"),
      await actor.subscribe("shut:1"),
      await actor.subscribe("nowhere:1"),
      await actor.subscribe("map:1"),
      await actor.subscribe("limited:a#41"),
      await actor.subscribe("limited:a#41,42"),
      await actor.subscribe("$own", { token }),
      await actor.subscribe("$third"),
    ];
  },
  "a token of another user": async (actor) => {
    await actor.connect({ data: "hi" });
    const token = await tokens.subscription({ user: "41", channel: "$own", expiresIn: 60 });
    return [await actor.subscribe("$own", { token })];
  },
  "a token for another channel": async (actor) => {
    await actor.connect({ data: "hi" });
    const token = await tokens.subscription({ user: "42", channel: "$other", expiresIn: 60 });
    return [await actor.subscribe("$own", { token })];
  },
  "an invalid token for a channel": async (actor) => {
    await actor.connect({ data: "hi" });
    return [await actor.subscribe("$own", { token: "a.b.c" })];
  },
  publications: async (actor) => {
    await actor.connect({ data: "hi" });
    await actor.subscribe("chat:1");
    return [
      await actor.publish("chat:1", { text: "hi" }),
      await actor.next("chat:1"),
      await actor.publish("chat:no", 1),
      await actor.publish("shut:1", 1),
      await actor.publish("nowhere:1", 1),
      await actor.publish("open:1", 1),
      await actor.publish("strict:1", 1),
    ];
  },
  methods: async (actor) => {
    await actor.connect({ data: "hi" });
    return [
      await actor.rpc("hello", { a: 1 }),
      await actor.rpc("no"),
      await actor.rpc("quiz:start"),
      await actor.rpc("nowhere:start"),
    ];
  },
  streams: async (actor) => {
    await actor.connect({ data: "hi" });
    return [
      await actor.publish("echo:1", "too soon"),
      await actor.subscribe("echo:no"),
      await actor.subscribe("echo:1"),
      await actor.publish("echo:1", "a"),
      await actor.next("echo:1"),
      await actor.publish("echo:1", "end"),
      await actor.next("echo:1"),
      await actor.subscribe("echo:2"),
      await actor.publish("echo:2", "fail"),
      await actor.next("echo:2"),
    ];
  },
};

describe.skipIf(obstacle !== "").each(["http", "grpc"] as const)(`${title}, over %s`, (transport) => {
  const closing: AsyncDisposable[] = [];
  let real: UnchangedCentrifugo;
  let embedded: ProxiedTestServer;

  beforeAll(async () => {
    const { location } = inject("realServer");
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
    const http = await listen(createServer(proxy.node));
    const grpc = await listen(createHttp2Server(connectNodeAdapter({ routes: proxy.routes })));
    const streamUrl = `grpc://127.0.0.1:${grpc.port}`;
    const url = transport === "grpc" ? streamUrl : `http://127.0.0.1:${http.port}`;
    // The secrets are plain only in JSON.
    const parts = JSON.parse(JSON.stringify([proxy.config({ url, streamUrl }), await tokens.config()]));
    const [{ client, channel, rpc }, verified] = parts;
    const map = { mode: "persistent", key_ttl: "0s" };
    const own = [
      { name: "shut" },
      { name: "limited", allow_user_limited_channels: true, subscribe_proxy_enabled: true },
      { name: "open", allow_publish_for_client: true },
      { name: "strict", allow_publish_for_client: true, publication_data_format: "json_object" },
    ];
    const namespaces = [...channel.namespaces, ...own].map((one: { name: string }) =>
      one.name === "map" ? { ...one, subscription_type: "map", map } : one,
    );
    const config = {
      client: { ...client, ...verified.client, allowed_origins: ["*"] },
      channel: { ...channel, namespaces },
      rpc,
    };
    real = await startCentrifugoUnchanged(location.binary, JSON.stringify(config));
    embedded = await startTestServer({ config, proxy, proxyTransport: transport, tokens });
    closing.push(http, grpc, real, embedded);
  }, 30_000);

  afterAll(async () => {
    for (const one of closing.reverse()) await one[Symbol.asyncDispose]();
  });

  test.each(Object.keys(scenarios))("both clients see the same: %s", async (name) => {
    const outcomes = [];
    for (const actor of [officialActor(real), embeddedActor(embedded)]) {
      outcomes.push(await scenarios[name]?.(actor));
      actor.close();
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[0]?.length).toBeGreaterThan(0);
  });
});
