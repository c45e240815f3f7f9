import { describe, expect, test } from "vitest";
import type { ProxyOptions } from "../../src/proxy/index.ts";
import { createProxy } from "../../src/proxy/index.ts";

const yes = () => ({});
const create = (options: object) => () => createProxy({ secret: "s", ...options } as unknown as ProxyOptions);

describe("createProxy names the option that is wrong:", () => {
  test.each([
    [{ publish: yes }, 'publish: expected handlers by channel, such as { "chat:*": async () => … }'],
    [{ subscribe: { news: 5 } }, "subscribe: expected handlers by channel, such as"],
    [{ rpc: yes }, "rpc: expected handlers by method, such as"],
    [{ connect: { "*": yes } }, "connect: "],
    [
      { publish: { $private: yes } },
      'publish["$private"]: Centrifugo never asks about channels that begin with $',
    ],
    [{ publish: { "a#b": yes } }, 'publish["a#b"]: Centrifugo never asks about channels with #'],
    [{ publish: { "": yes } }, 'publish[""]: expected a name or a pattern, got an empty one'],
  ])("%j", (options, message) => {
    expect(create(options)).toThrow(TypeError);
    expect(create(options)).toThrow(`createProxy: ${message}`);
  });
});

test("the configuration has no list of namespaces where each channel is without one", () => {
  const config = createProxy({ secret: "s", publish: { news: yes } }).config({ url: "http://app" });
  expect(Object.keys(JSON.parse(JSON.stringify(config)).channel)).not.toContain("namespaces");
  expect(Object.keys(JSON.parse(JSON.stringify(config)).channel)).toContain("without_namespace");
});

test("the beginning of an address, and nothing behind it, makes it one of HTTP", () => {
  const proxy = createProxy({ secret: "s", publish: { news: yes } });
  const text = JSON.stringify(proxy.config({ url: "grpc://app/http:" }));
  expect(text).toContain("credentials_key");
  expect(text).not.toContain("static_headers");
});
