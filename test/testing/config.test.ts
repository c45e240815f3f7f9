import { describe, expect, test } from "vitest";
import type { CentrifugoConfig } from "../../src/testing/index.ts";
import { createTestClient, startTestServer, TestConfigError } from "../../src/testing/index.ts";
import { resultOf } from "../harness/result-of.ts";
import { acceptedConfigs, inNamespace, refusedConfigs } from "./config-cases.ts";

describe("refused", () => {
  test.each(refusedConfigs)("the test server refuses %j", async (config, message) => {
    const options = { config: config as CentrifugoConfig };
    expect(() => createTestClient(options)).toThrow(TestConfigError);
    expect(() => createTestClient(options)).toThrow(message);
    await expect(startTestServer(options)).rejects.toThrow(message);
  });
});

describe("accepted", () => {
  test.each(acceptedConfigs)("the test server accepts %j", (config) => {
    expect(createTestClient({ config: config as CentrifugoConfig }).server.ignored).toEqual([]);
  });
});

test("`ignored` lists the options that the test server does not model, down to the innermost keys", () => {
  const { server } = createTestClient({
    config: {
      client: { token: { hmac_secret_key: "x" }, allowed_origins: ["*"] },
      http_server: { port: 8000 },
      grpc_api: { port: 10_000, tls: { enabled: true } },
      broker: { type: "redis", redis: { address: "redis:6379" } },
      channel: {
        max_length: 100,
        without_namespace: { allow_subscribe_for_client: true, presence: true },
        namespaces: [{ name: "chat", delta_publish: true, map: { default_page_size: 5 } }],
      },
      nosuch: 1,
    },
  });
  expect([...server.ignored].sort()).toEqual([
    "broker.redis.address",
    "broker.type",
    "channel.max_length",
    "channel.namespaces[0].delta_publish",
    "channel.namespaces[0].map.default_page_size",
    "channel.without_namespace.allow_subscribe_for_client",
    "client.allowed_origins",
    "client.token.hmac_secret_key",
    "grpc_api.port",
    "grpc_api.tls.enabled",
    "http_server.port",
    "nosuch",
  ]);
});

test("a test server without a configuration has history and presence, and no namespaces", async () => {
  const { client, server } = createTestClient();
  expect(server.ignored).toEqual([]);
  for (let item = 0; item < 101; item++) await client.publish({ channel: "a", data: item });
  expect((await client.history({ channel: "a", limit: -1 })).publications).toHaveLength(100);
  await expect(client.presence({ channel: "a" })).resolves.toEqual(resultOf("presence", { presence: {} }));
  await expect(client.publish({ channel: "a:b", data: 1 })).rejects.toMatchObject({ code: 102 });
});

test("a configuration turns on only the features that it names", async () => {
  const { client } = createTestClient({ config: { http_api: { key: "k" } } });
  expect(await client.publish({ channel: "a", data: 1 })).toEqual(
    resultOf("publish", { offset: 0, epoch: "" }),
  );
  await expect(client.history({ channel: "a" })).rejects.toMatchObject({ code: 108 });
  await expect(client.presence({ channel: "a" })).rejects.toMatchObject({ code: 108 });
});

test("a channel's namespace follows from the private prefix and the boundary", async () => {
  const config = inNamespace({ presence: true });
  const { client } = createTestClient({ config });
  for (const channel of ["chat:1", "$chat:1", "chat:1:2", "chat:"]) {
    await expect(client.presence({ channel })).resolves.toEqual(resultOf("presence", { presence: {} }));
  }
  for (const channel of ["chat", ":chat", "$", "$:x"]) {
    await expect(client.presence({ channel })).rejects.toMatchObject({ code: 108 });
  }
  for (const channel of ["Chat:1", "$$chat:1", "other:1"]) {
    await expect(client.presence({ channel })).rejects.toMatchObject({ code: 102 });
  }
  const other = { ...config.channel, namespace_boundary: "/", private_prefix: "%" };
  const { client: slashed } = createTestClient({ config: { channel: other } });
  await expect(slashed.presence({ channel: "%chat/1" })).resolves.toEqual(
    resultOf("presence", { presence: {} }),
  );
  await expect(slashed.presence({ channel: "chat:1" })).rejects.toMatchObject({ code: 108 });
});

test("publication_data_format of a namespace overrides the one of all channels", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const { client } = createTestClient({
    config: {
      channel: {
        publication_data_format: "json_object",
        namespaces: [
          { name: "json", publication_data_format: "json" },
          { name: "binary", publication_data_format: "binary" },
        ],
      },
    },
  });
  const takes = async (channel: string, text: string) =>
    client.publish({ channel, data: bytes(text) }).then(
      () => true,
      (error) => {
        expect(error).toMatchObject({ code: 107 });
        return false;
      },
    );
  const samples = [" {} ", "[]", "1", "{", "\ufeff{}", ""];
  const taken = async (channel: string) => {
    const results = [];
    for (const sample of samples) results.push(await takes(channel, sample));
    return results;
  };
  expect(await taken("a")).toEqual([true, false, false, false, false, false]);
  expect(await taken("json:a")).toEqual([true, true, true, false, false, false]);
  expect(await taken("binary:a")).toEqual([true, true, true, true, true, true]);
});
