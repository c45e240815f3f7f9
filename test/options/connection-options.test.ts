import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { AnyOptions } from "../../src/options/check-client-options.ts";
import { checkClientOptions } from "../../src/options/check-client-options.ts";

const url = "http://localhost:8000/api";
const dispatcher = { dispatch: () => true };
const theirs = "nothing beside http.dispatcher or http.fetch";

describe("createClient refuses", () => {
  test.each<[object, string]>([
    [{ socketPath: "" }, "socketPath: expected the path of a socket, got "],
    [{ socketPath: 5 }, "socketPath: expected the path of a socket, got 5"],
    [{ maxQueued: -1 }, "maxQueued: expected an integer of 0 or more, got -1"],
    [{ maxQueued: 1.5 }, "maxQueued: expected an integer of 0 or more, got 1.5"],
    [{ maxQueued: "5" }, "maxQueued: expected an integer of 0 or more, got 5"],
    [{ url: "http://user@localhost/api" }, "url: expected no user and no password"],
    [{ url: "shttp://localhost/api" }, "url: expected the scheme http: or https:, got shttp:"],
    [{ url: "https://x", tls: { servername: 5 } }, "tls.servername: expected a string, got 5"],
  ])("%j, and says what is expected", (options, message) => {
    expect(() => checkClientOptions({ url, ...options } as AnyOptions)).toThrow(new TypeError(message));
  });

  test.each<[string, object]>([
    ["socketPath", { socketPath: "/run/x.sock" }],
    ["connectTimeoutMs", { connectTimeoutMs: 5 }],
    ["http.keepAliveMs", { http: { keepAliveMs: 5 } }],
  ])("%s beside a caller's dispatcher or fetch, which make their own connections", (name, options) => {
    for (const http of [{ dispatcher }, { fetch }]) {
      const given: AnyOptions = { url, ...options };
      expect(() => checkClientOptions({ ...given, http: { ...given.http, ...http } })).toThrow(
        new TypeError(`${name}: expected ${theirs}`),
      );
    }
    expect(() => checkClientOptions({ url, ...options })).not.toThrow();
  });
});

test.each<[keyof AnyOptions, AnyOptions]>([
  ["maxQueued", { url, maxQueued: 0 }],
  ["int64", { url, int64: "number" }],
  ["service", { url, service: CentrifugoApi }],
  ["tls", { url: "https://10.0.0.1", tls: { servername: "centrifugo.test" } }],
])("checkClientOptions passes on %s", (name, options) => {
  expect(Reflect.get(checkClientOptions(options), name)).toBe(options[name]);
});

test("checkClientOptions accepts digits in the path of a url", () => {
  const url = new URL("http://localhost:8000/v2/api");
  expect(checkClientOptions({ url }).target).toEqual({ protocol: "http", url });
});
