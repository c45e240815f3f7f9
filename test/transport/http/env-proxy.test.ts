import http from "node:http";
import { afterEach, expect, test } from "vitest";
import { envProxy } from "../../../src/transport/http/env-proxy.ts";

const { options } = http.globalAgent as http.Agent & { options: http.AgentOptions };

afterEach(() => {
  delete options.proxyEnv;
});

/** The proxy of an origin, where Node.js has given variables to its global agent. */
const proxyWith = (env: NodeJS.ProcessEnv, origin = "http://centrifugo.test") => {
  options.proxyEnv = env;
  return envProxy(origin);
};

test("there is no proxy where Node.js obeys no variables, or has none", () => {
  expect(envProxy("http://centrifugo.test")).toBeUndefined();
  expect(proxyWith({})).toBeUndefined();
  expect(proxyWith({ HTTPS_PROXY: "http://secure.test:1" })).toBeUndefined();
});

test("an origin with https has the proxy for https, or else the one for http", () => {
  const both = { HTTP_PROXY: "http://plain.test:1", HTTPS_PROXY: "http://secure.test:2" };
  expect(proxyWith(both, "https://centrifugo.test")?.address).toBe("http://secure.test:2");
  expect(proxyWith(both)?.address).toBe("http://plain.test:1");
  const plain = { HTTP_PROXY: "http://plain.test:1" };
  expect(proxyWith(plain, "https://centrifugo.test")?.address).toBe("http://plain.test:1");
});

test("a variable in lower case comes first, also an empty one", () => {
  const upper = { HTTP_PROXY: "http://a.test", HTTPS_PROXY: "http://b.test", NO_PROXY: "c.test" };
  expect(proxyWith(upper)?.variables).toEqual({
    httpProxy: "http://a.test",
    httpsProxy: "http://b.test",
    noProxy: "c.test",
  });
  const lower = { http_proxy: "http://d.test", https_proxy: "", no_proxy: "" };
  expect(proxyWith({ ...upper, ...lower })?.variables).toEqual({
    httpProxy: "http://d.test",
    httpsProxy: "",
    noProxy: "",
  });
  expect(proxyWith({ ...upper, http_proxy: "" })).toBeUndefined();
});

test("the address for messages has no user and no password", () => {
  expect(proxyWith({ HTTP_PROXY: "http://user:secret@a.test:3128/" })).toMatchObject({
    variables: { httpProxy: "http://user:secret@a.test:3128/", httpsProxy: "", noProxy: "" },
    address: "http://a.test:3128",
  });
});

test("there is no proxy where a global agent of another package has no options", () => {
  const { globalAgent } = http;
  try {
    http.globalAgent = {} as http.Agent;
    expect(envProxy("http://centrifugo.test")).toBeUndefined();
  } finally {
    http.globalAgent = globalAgent;
  }
});
