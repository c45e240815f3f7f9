import { createRouterTransport } from "@connectrpc/connect";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { ClientOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import type { AnyOptions } from "../../src/options/check-client-options.ts";
import { checkClientOptions } from "../../src/options/check-client-options.ts";

const url = "http://localhost:8000/api";
const dispatcher = { dispatch: () => true };

const httpAddress = "the address of the HTTP API, as in http://localhost:8000/api";
const grpcAddress = "the address of the gRPC API, as in http://localhost:10000";

describe("invalid options", () => {
  const cases: [options: unknown, message: string | RegExp][] = [
    [undefined, "options: expected an object, got undefined"],
    [null, "options: expected an object, got object"],
    ["http://localhost:8000/api", "options: expected an object, got string"],
    [{ url, apikey: "x" }, "apikey: unknown option; did you mean apiKey?"],
    [{ url, token: "x" }, /^token: unknown option; expected one of transport, url, apiKey, /],
    [{ url, timeout: 5 }, "timeout: unknown option; did you mean timeoutMs?"],
    [{ url, constructor: 5 }, /^constructor: unknown option/],

    [{}, `url: is undefined; expected ${httpAddress}. Set the variable that it comes from`],
    [
      { url: undefined, apiKey: "x" },
      `url: is undefined; expected ${httpAddress}. Set the variable that it comes from`,
    ],
    [
      { transport: "grpc" },
      `url: is undefined; expected ${grpcAddress}. Set the variable that it comes from`,
    ],
    [{ url: "" }, `url: is empty; expected ${httpAddress}. Set the variable that it comes from`],
    [{ url: "localhost" }, `url: expected ${httpAddress}; this has no scheme, http:// or https://`],
    [{ url: "127.0.0.1:8000/api" }, `url: expected ${httpAddress}; this has no scheme, http:// or https://`],
    [{ url: "localhost:8000/api" }, `url: expected ${httpAddress}; this has no scheme, http:// or https://`],
    [{ url: "http://" }, `url: expected ${httpAddress}; this is no URL`],
    [{ url: 8000 }, /^url: expected the address of the HTTP API, .* got number$/],
    [{ url: "ws://localhost:8000" }, "url: expected the scheme http: or https:, got ws:"],
    [{ url: "unix:/run/x", transport: "grpc" }, "url: expected the scheme http: or https:, got unix:"],
    [
      { url: "localhost:10000", transport: "grpc" },
      `url: expected ${grpcAddress}; this has no scheme, http:// or https://`,
    ],
    [{ url: "http://user:secret@localhost/api" }, "url: expected no user and no password"],
    [{ url: "http://:secret@localhost/api" }, "url: expected no user and no password"],
    [{ url: "http://localhost/api?api_key=secret" }, "url: expected neither ? nor #; a key goes into apiKey"],
    [{ url: "http://localhost/api#x" }, "url: expected neither ? nor #; a key goes into apiKey"],

    [
      { url, transport: "websocket" },
      'transport: expected "http", "grpc" or a Connect transport, got websocket',
    ],
    [{ url, transport: "HTTP" }, 'transport: expected "http", "grpc" or a Connect transport, got HTTP'],
    [{ url, transport: null }, 'transport: expected "http", "grpc" or a Connect transport, got null'],
    [{ transport: {} }, 'transport: expected "http", "grpc" or a Connect transport'],
    [{ url, transport: () => 1 }, /^transport: expected "http", "grpc" or a Connect transport, got /],

    [{ url, timeoutMs: -1 }, "timeoutMs: expected milliseconds from 0 to 2147483647, got -1"],
    [{ url, timeoutMs: Number.NaN }, "timeoutMs: expected milliseconds from 0 to 2147483647, got NaN"],
    [{ url, timeoutMs: Number.POSITIVE_INFINITY }, /^timeoutMs: expected milliseconds .* got Infinity$/],
    [{ url, timeoutMs: 2 ** 31 }, /^timeoutMs: expected milliseconds .* got 2147483648$/],
    [{ url, timeoutMs: "10" }, /^timeoutMs: expected milliseconds .* got 10$/],
    [{ url, timeoutMs: null }, /^timeoutMs: expected milliseconds .* got null$/],

    [{ url, batching: 5 }, "batching: expected true, false or an object with options, got 5"],
    [{ url, batching: null }, "batching: expected true, false or an object with options, got null"],
    [{ url, batching: [] }, "batching: expected true, false or an object with options, got an object"],
    [{ url, batching: new Map() }, "batching: expected true, false or an object with options, got an object"],
    [
      { url, batching: { maxCommands: Object.create(null) } },
      "batching.maxCommands: expected an integer above 0, got an object",
    ],
    [{ url, batching: { inFlight: [4] } }, "batching.inFlight: expected an integer above 0, got an object"],
    [
      { url, batching: { maxDelayMs: 10_000 } },
      "batching.maxDelayMs: expected less than timeoutMs, got 10000",
    ],
    [
      { url, timeoutMs: 50, batching: { maxDelayMs: 60 } },
      "batching.maxDelayMs: expected less than timeoutMs, got 60",
    ],
    [
      { url, batching: { size: 5 } },
      "batching.size: unknown option; expected one of maxCommands, maxBytes, maxDelayMs, inFlight",
    ],
    [{ url, batching: { maxCommands: 0 } }, "batching.maxCommands: expected an integer above 0, got 0"],
    [{ url, batching: { maxBytes: 1.5 } }, "batching.maxBytes: expected an integer above 0, got 1.5"],
    [{ url, batching: { inFlight: "4" } }, "batching.inFlight: expected an integer above 0, got 4"],
    [
      { url, batching: { maxDelayMs: -1 } },
      /^batching.maxDelayMs: expected milliseconds from 0 to .* got -1$/,
    ],

    [{ url, apiKey: 5 }, "apiKey: expected a string, or a function that gives one, got number"],
    [{ url, apiKey: null }, "apiKey: expected a string, or a function that gives one, got object"],
    [{ url, apiKey: "" }, "apiKey: expected one or more visible ASCII characters"],
    [{ url, apiKey: "a\n" }, "apiKey: expected one or more visible ASCII characters"],
    [{ url, apiKey: "é" }, "apiKey: expected one or more visible ASCII characters"],
    [{ url, bearerToken: {} }, "bearerToken: expected a string, or a function that gives one, got object"],
    [{ url, bearerToken: "a b" }, "bearerToken: expected one or more visible ASCII characters"],
    [{ url, apiKey: "a", bearerToken: "b" }, "bearerToken: expected nothing beside apiKey"],

    [{ url, int64: "string" }, 'int64: expected "number" or "bigint", got string'],
    [{ url, int64: BigInt }, /^int64: expected "number" or "bigint", got /],
    [{ url, interceptors: () => 1 }, "interceptors: expected an array of functions"],
    [{ url, interceptors: [null] }, "interceptors: expected an array of functions"],
    [{ url, headers: { "a b": "x" } }, "headers: expected names and values that HTTP allows"],
    [{ url, headers: { a: "é" } }, "headers.a: expected ASCII characters"],
    [{ url, headers: { "Content-Type": "x" } }, "headers.content-type: is set by the transport"],
    [{ url, json: JSON.stringify }, "json: expected something with the functions stringify and parse"],
    [{ url, json: {} }, "json: expected something with the functions stringify and parse"],
    [
      { url, json: { stringify: JSON.stringify } },
      "json: expected something with the functions stringify and parse",
    ],
    [
      { url, json: { stringify: 1, parse: 2 } },
      "json: expected something with the functions stringify and parse",
    ],

    [{ url, http: "x" }, "http: expected an object, got string"],
    [
      { url, http: { agent: 1 } },
      "http.agent: unknown option; expected one of dispatcher, fetch, keepAliveMs",
    ],
    [{ url, http: { fetch: "x" } }, "http.fetch: expected a function"],
    [{ url, http: { dispatcher: {} } }, "http.dispatcher: expected an undici dispatcher"],
    [{ url, http: { dispatcher: fetch } }, "http.dispatcher: expected an undici dispatcher"],
    [{ url, http: { fetch, dispatcher } }, "http: expected either a dispatcher or fetch"],
    [{ url, transport: "grpc", http: {} }, 'http: expected nothing with transport: "grpc"'],
    [{ url, grpc: {} }, 'grpc: expected nothing with transport: "http"'],
    [
      { url, transport: "grpc", grpc: { keepalive: 1 } },
      /^grpc.keepalive: unknown option; expected one of ping/,
    ],
    [
      { url, transport: "grpc", grpc: { pingIntervalMs: "1" } },
      /^grpc.pingIntervalMs: expected milliseconds/,
    ],
    [
      { url, transport: "grpc", grpc: { pingIdleConnection: "false" } },
      "grpc.pingIdleConnection: expected true or false, got false",
    ],
    [
      { url: "https://x", tls: { rejectUnauthorized: "false" } },
      "tls.rejectUnauthorized: expected true or false, got false",
    ],
    [{ url: "https://x", tls: { cert: "no certificate" } }, /^tls: expected certificates and a key as PEM/],
    [{ url: "https://x", transport: "grpc", tls: { ca: 5 } }, /^tls: expected certificates and a key as PEM/],
    [{ url: `${url}?` }, "url: expected neither ? nor #; a key goes into apiKey"],
    [{ url: `${url}#` }, "url: expected neither ? nor #; a key goes into apiKey"],
    [{ url, service: {} }, "service: expected a service's descriptor, as generated"],
    [{ url, service: null }, "service: expected a service's descriptor, as generated"],
    [{ url, headers: { "x-a": undefined } }, "headers.x-a: expected a string"],
    [{ url, headers: { "grpc-encoding": "gzip" } }, "headers.grpc-encoding: is set by the transport"],
    [{ url, tls: {} }, "tls: expected nothing with the scheme http:"],
    [{ url: "https://x", tls: { pfx: 1 } }, /^tls.pfx: unknown option; expected one of ca, cert, key/],
    [
      { url: "https://x", tls: { ca: "x" }, http: { fetch } },
      "tls: expected nothing beside http.dispatcher or http.fetch",
    ],
    [
      { url: "https://x", tls: { ca: "x" }, http: { dispatcher } },
      "tls: expected nothing beside http.dispatcher or http.fetch",
    ],
  ];

  test.each(cases)("createClient refuses %o with a TypeError that names the option", (options, message) => {
    let thrown: unknown;
    try {
      createClient(options as ClientOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    if (typeof message === "string") expect((thrown as TypeError).message).toBe(message);
    else expect((thrown as TypeError).message).toMatch(message);
  });

  test.each(["url", "http", "grpc", "tls", "interceptors"])(
    "createClient refuses %s beside a transport object",
    (option) => {
      const transport = createRouterTransport(() => undefined);
      const given: Record<string, unknown> = { url, http: {}, grpc: {}, tls: {}, interceptors: [] };
      expect(() => createClient({ transport, [option]: given[option] })).toThrow(
        new TypeError(`${option}: expected nothing beside a transport object, which has settings of its own`),
      );
    },
  );
});

describe("in workerd", () => {
  afterEach(() => vi.unstubAllGlobals());
  const reason = "not in Cloudflare Workers, where a call cannot wait for a call of another request";

  test.each<[AnyOptions, string]>([
    [{ url, batching: true }, `batching: ${reason}; use publishMany, broadcastMany or batch`],
    [{ url, batching: {} }, `batching: ${reason}; use publishMany, broadcastMany or batch`],
    [
      { transport: createRouterTransport(() => undefined), batching: true },
      `batching: ${reason}; use publishMany, broadcastMany or batch`,
    ],
    [{ url, maxInFlight: 8 }, `maxInFlight: ${reason}; leave it out`],
  ])("createClient refuses %o, which would let requests wait for each other", (options, message) => {
    expect(() => createClient(options as ClientOptions)).not.toThrow();
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    expect(() => createClient(options as ClientOptions)).toThrow(new TypeError(message));
  });

  test("createClient takes options that share nothing", () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    expect(() => createClient({ url, batching: false, maxInFlight: undefined })).not.toThrow();
  });
});

describe("valid options", () => {
  test("checkClientOptions fills in the defaults", () => {
    expect(checkClientOptions({ url })).toMatchObject({
      target: { protocol: "http", url: new URL(url) },
      timeoutMs: 10_000,
      int64: "number",
      headers: {},
    });
    expect(
      checkClientOptions({ url, timeoutMs: undefined, int64: undefined, apiKey: undefined }),
    ).toMatchObject({
      timeoutMs: 10_000,
      int64: "number",
    });
  });

  test.each<AnyOptions>([
    { url: new URL(url) },
    { url: "https://centrifugo.test" },
    { url, timeoutMs: 0 },
    { url, timeoutMs: 0, batching: { maxDelayMs: 60_000 } },
    { url, timeoutMs: 0.5, batching: true },
    { url, timeoutMs: 2 ** 31 - 1 },
    { url, apiKey: () => Promise.resolve("x") },
    { url, bearerToken: "a.b.c" },
    { url, headers: [["x-a", "1"]] },
    { url, headers: new Headers({ "x-a": "1" }) },
    { url, json: JSON },
    { url, http: {} },
    { url, http: { fetch } },
    { url: "https://x", tls: { rejectUnauthorized: false } },
    { transport: "grpc", url: "http://localhost:10000", grpc: { pingIntervalMs: 1000 } },
    {
      transport: createRouterTransport(() => undefined),
      apiKey: "x",
      headers: {},
      timeoutMs: 5,
      int64: "bigint",
    },
  ])("checkClientOptions accepts %o", (options) => {
    expect(() => checkClientOptions(options)).not.toThrow();
  });
});
