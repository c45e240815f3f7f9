import { describe, expect, test } from "vitest";
import type { ProxyConfigOptions } from "../../src/proxy/index.ts";
import { createProxy } from "../../src/proxy/index.ts";

const yes = () => ({});
const connect = () => ({ user: "1" });
const refresh = () => undefined;
const stream = async function* () {
  yield {};
};
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test("a proxy over HTTP has its events, namespaces and secret", () => {
  const proxy = createProxy({
    secret: ["new-secret", "old-secret"],
    connect,
    refresh,
    subscribe: { "chat:*": yes, news: yes },
    publish: { "chat:a*": yes, "orders:*": yes },
    subRefresh: { "chat:*": refresh },
    rpc: { "chat.rename": yes, "admin:*": yes },
    mapPublish: { "map:*": yes },
    mapRemove: { "map:*": yes },
    sharedPollRefresh: { "poll:*": yes },
  });
  const endpoint = (event: string) => ({
    endpoint: `http://app:3000/centrifugo/${event}`,
    timeout: "3s",
    http_headers: ["Cookie"],
    include_connection_meta: true,
    http: { static_headers: { "x-centrifugo-secret": "new-secret" } },
  });
  const options = { url: "http://app:3000/centrifugo/", timeout: "3s", httpHeaders: ["Cookie"] };
  expect(json(proxy.config(options))).toEqual({
    client: {
      proxy: {
        connect: { enabled: true, ...endpoint("connect") },
        refresh: { enabled: true, ...endpoint("refresh") },
      },
    },
    channel: {
      proxy: Object.fromEntries(
        ["subscribe", "publish", "sub_refresh", "map_publish", "map_remove", "shared_poll_refresh"].map(
          (event) => [event, endpoint(event)],
        ),
      ),
      without_namespace: { subscribe_proxy_enabled: true },
      namespaces: [
        {
          name: "chat",
          subscribe_proxy_enabled: true,
          publish_proxy_enabled: true,
          sub_refresh_proxy_enabled: true,
        },
        { name: "orders", publish_proxy_enabled: true },
        { name: "map", map: { publish_proxy_enabled: true, remove_proxy_enabled: true } },
        { name: "poll", subscription_type: "shared_poll" },
      ],
    },
    rpc: {
      proxy: endpoint("rpc"),
      without_namespace: { proxy_enabled: true },
      namespaces: [{ name: "admin", proxy_enabled: true }],
    },
  });
});

test("a proxy over gRPC has the secret as credentials", () => {
  const proxy = createProxy({
    secret: "s",
    secretHeader: "X-Key",
    connect,
    subscribeUnidirectional: { "ticks:*": stream },
    subscribeBidirectional: { "chat:*": stream },
    notifyChannelState: () => undefined,
  });
  const endpoint = {
    endpoint: "grpc://app:3001",
    grpc_metadata: ["x-device"],
    include_connection_meta: true,
    binary_encoding: true,
    grpc: { credentials_key: "x-key", credentials_value: "s" },
  };
  expect(
    json(proxy.config({ url: "grpc://app:3001", grpcMetadata: ["X-Device"], binaryEncoding: true })),
  ).toEqual({
    client: { proxy: { connect: { enabled: true, ...endpoint } } },
    channel: {
      proxy: { subscribe_stream: endpoint, state: endpoint },
      namespaces: [
        { name: "ticks", state_proxy_enabled: true, subscribe_stream_proxy_enabled: true },
        {
          name: "chat",
          state_proxy_enabled: true,
          subscribe_stream_proxy_enabled: true,
          subscribe_stream_proxy_bidirectional: true,
        },
      ],
    },
  });
});

test("streams go to a URL of their own beside HTTP", () => {
  const proxy = createProxy({ secret: false, connect, subscribeUnidirectional: { "ticks:*": stream } });
  expect(json(proxy.config({ url: "https://app/c", streamUrl: "grpc://app:1" }))).toMatchObject({
    client: { proxy: { connect: { endpoint: "https://app/c/connect" } } },
    channel: { proxy: { subscribe_stream: { endpoint: "grpc://app:1" } } },
  });
  expect(() => proxy.config({ url: "http://app" })).toThrow(/^config: streamUrl: streams go over gRPC/);
});

test("a proxy that only the network protects has no secret", () => {
  const proxy = createProxy({ secret: false, connect });
  for (const url of ["http://app", "grpc://app:1"])
    expect(JSON.stringify(proxy.config({ url }))).not.toMatch(/static_headers|credentials/);
});

test.each(["3s", "500ms", "1.5s", "1m30s", "1h0m0.5s", ".5s", "250000us", "2µs"])(
  "config takes the timeout %s, as Go does",
  (timeout) => {
    const { connect: made } = (
      json(createProxy({ secret: "s", connect }).config({ url: "http://app", timeout })) as {
        client: { proxy: { connect: object } };
      }
    ).client.proxy;
    expect(made).toMatchObject({ timeout });
  },
);

test("a proxy without handlers has an empty configuration", () => {
  expect(createProxy({ secret: "s" }).config({ url: "http://app" })).toEqual({});
});

describe("a wrong option is a TypeError that names it:", () => {
  const proxy = createProxy({ secret: "s", connect });
  test.each<[Record<string, unknown> | undefined, string]>([
    [undefined, "config: url: expected http://"],
    [{}, "config: url: expected http://"],
    [{ url: "app:3000" }, "config: url: expected http://"],
    [{ url: "http://app?x" }, "config: url: expected http://…, https://… or grpc://…, without ? and #"],
    [{ url: "http://app", urls: 1 }, "config: urls: unknown option; did you mean url?"],
    [{ url: "http://app", timeout: 3 }, 'config: timeout: expected a duration such as "3s"'],
    ...["", "1..5s", "3", "1d", "-3s", "0s", "3s ", "1m 30s", "3000000h", "1e3s", ["3s"]].map(
      (timeout): [Record<string, unknown>, string] => [
        { url: "http://app", timeout },
        'config: timeout: expected a duration such as "3s" or "1m30s"',
      ],
    ),
    [{ url: "http://app", httpHeaders: "Cookie" }, "config: httpHeaders: expected a list of names"],
    [
      { url: "http://app", httpHeaders: ["X-Centrifugo-Secret"] },
      "config: httpHeaders: expected headers without x",
    ],
    [
      { url: "http://app", emulatedHeaders: ["x-centrifugo-secret"] },
      "config: emulatedHeaders: expected headers wit",
    ],
    [
      { url: "grpc://app", grpcMetadata: ["X-CENTRIFUGO-SECRET"] },
      "config: grpcMetadata: expected headers without x",
    ],
    [
      { url: "http://app", httpHeaders: ["accept-encoding"] },
      "config: httpHeaders: expected headers without Acc",
    ],
    [{ url: "http://app", binaryEncoding: "no" }, "config: binaryEncoding: expected true or false"],
  ])("%j", (options, message) => {
    const config = () => proxy.config(options as unknown as ProxyConfigOptions);
    expect(config).toThrow(TypeError);
    expect(config).toThrow(message);
  });

  test("a stream with what Centrifugo refuses beside it in one namespace", () => {
    for (const other of [
      { subscribe: { "aa:*": yes } },
      { publish: { "aa:x": yes } },
      { subRefresh: { "aa:*": refresh } },
      { subscribeBidirectional: { "aa:*": stream } },
    ]) {
      const both = createProxy({ secret: "s", subscribeUnidirectional: { "aa:*": stream }, ...other });
      expect(() => both.config({ url: "grpc://app" })).toThrow(/cannot all be in the namespace aa, where/);
    }
    const without = createProxy({ secret: "s", subscribeUnidirectional: { a: stream }, publish: { b: yes } });
    const place = /cannot all be in channels without a namespace, where/;
    expect(() => without.config({ url: "grpc://app" })).toThrow(place);
    const apart = createProxy({
      secret: "s",
      subscribeUnidirectional: { "aa:*": stream },
      subscribe: { "bb:*": yes },
    });
    expect(() => apart.config({ url: "grpc://app" })).not.toThrow();
  });
});
