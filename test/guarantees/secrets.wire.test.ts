import { createServer } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { ClientOptions } from "../../src/index.ts";
import { configFromEnv, createClient } from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

const secret = "s3cr3t-of-this-test";

/** Everything that a log line could show of a value. */
function shown(value: unknown): string {
  const causes: unknown[] = [];
  for (let link = value; link instanceof Error && causes.length < 10; link = link.cause)
    causes.push(link, link.stack);
  return [value, ...causes]
    .flatMap((part) => [
      String(part),
      inspect(part, { depth: Infinity, showHidden: true, getters: true }),
      json(part),
    ])
    .join("\n");
}

function json(value: unknown): string {
  const seen = new Set<unknown>();
  return `${JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return `${member}`;
    if (typeof member !== "object" || member === null) return member;
    if (seen.has(member)) return undefined;
    seen.add(member);
    return member;
  })}`;
}

test("shown() finds a secret in nested objects, causes and hidden properties", () => {
  expect(shown({ a: { b: { c: { d: { e: secret } } } } })).toContain(secret);
  expect(shown(new Error("x", { cause: new Error(secret) }))).toContain(secret);
  expect(shown(Object.defineProperty({}, "hidden", { value: secret }))).toContain(secret);
});

const secrets: [string, Partial<ClientOptions>][] = [
  ["apiKey", { apiKey: secret }],
  ["apiKey from a function", { apiKey: async () => secret }],
  ["bearerToken", { bearerToken: secret }],
  ["headers", { headers: { authorization: `apikey ${secret}` } }],
];

describe.each(secrets)("a secret in %s", (_name, options) => {
  const url = "http://centrifugo.test/api";

  test("the client does not show the secret, and neither does the error of a call after close()", async () => {
    for (const transport of ["http", "grpc"] as const) {
      const client = createClient({ url, transport, ...options });
      expect(shown(client)).not.toContain(secret);
      expect(shown(client)).toContain("publish");
      await client.close();
      const closed = await rejection(client.info());
      expect(closed).toMatchObject({ name: "CentRequestError" });
      expect(shown(closed)).not.toContain(secret);
    }
  });

  test.each<[string, string, number]>([
    ["a status of 401", "", 401],
    ["a status of 404", "404 page not found", 404],
    ["a status of 500", "Internal Server Error", 500],
    ["a reply that is no JSON", "<html>", 200],
    ["an API error", '{"error":{"code":100,"message":"internal server error"}}', 200],
    ["an empty reply", "{}", 200],
    ["an API error with the secret", `{"error":{"code":100,"message":"key ${secret}"}}`, 200],
    ["a gateway that echoes the request", `you sent authorization: apikey ${secret}`, 502],
    ["a reply that echoes the request", `authorization: apikey ${secret}`, 200],
    ["a long gateway page with the secret", `${" ".repeat(5)}${"x".repeat(180)}${secret} and so on`, 502],
    [
      "a reply with the secret in a long value",
      `{"result":{"nodes":"${"x".repeat(25)}${secret} and so on"}}`,
      200,
    ],
  ])("the error for %s does not show the secret", async (_what, reply, status) => {
    const { fetch, sent } = scriptedFetch(reply, status);
    const client = createClient({ url, ...options, http: { fetch } });
    const error: unknown = await rejection(client.info());
    expect(sent[0]?.headers.get("authorization")).toContain(secret);
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).not.toContain(secret);
    // A reply that was cut short does not show the start of the secret either.
    expect(shown(error)).not.toContain(secret.slice(0, 6));
  });

  test.each(["http", "grpc"] as const)(
    "the error for a lost connection over %s does not show the secret",
    async (transport) => {
      const server = createServer((socket) => socket.once("data", () => socket.destroy()));
      const port = await new Promise<number>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : 0);
        });
      });
      await using client = createClient({ url: `http://127.0.0.1:${port}`, transport, ...options });
      const broken: unknown = await rejection(client.info());
      await new Promise((resolve) => server.close(resolve));
      const refused: unknown = await rejection(client.info());
      for (const error of [broken, refused]) {
        expect(error).toMatchObject({ name: "CentNetworkError" });
        expect(shown(error)).not.toContain(secret);
      }
    },
  );

  test("the error for a deadline does not show the secret", async () => {
    const fetch = () => new Promise<Response>(() => undefined);
    const client = createClient({ url, ...options, timeoutMs: 1, http: { fetch } });
    const error: unknown = await rejection(client.info());
    expect(error).toMatchObject({ name: "CentTimeoutError" });
    expect(shown(error)).not.toContain(secret);
  });
});

describe("secrets that cannot be sent", () => {
  test.each([
    { apiKey: `${secret}\n` },
    { bearerToken: `${secret} x` },
    { apiKey: secret, bearerToken: secret },
    { apiKey: [secret] },
    { apiKey: { secret } },
    { headers: { authorization: `${secret}\r\nx` } },
    { headers: { authorization: `${secret}é` } },
    { url: `http://x/api?api_key=${secret}` },
    { url: `http://${secret}@x/api` },
    { url: `not a URL ${secret}` },
  ])("the error of createClient hides a secret that cannot be sent: %o", (options) => {
    let thrown: unknown;
    try {
      createClient({ url: "http://x/api", ...options } as ClientOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(shown(thrown)).not.toContain(secret);
  });

  test.each<[Partial<ClientOptions>, HeadersInit]>([
    [{ apiKey: () => `${secret}\n` }, {}],
    [{ bearerToken: async () => `${secret} x` }, {}],
    [{}, { authorization: `${secret}\r\nx` }],
    [{}, { authorization: `${secret}é` }],
  ])("the error of a call hides a secret that cannot be sent: %o", async (options, headers) => {
    const client = createClient({ url: "http://x/api", ...options });
    const error: unknown = await rejection(client.info({}, { headers }));
    expect(error).toMatchObject({ name: "CentRequestError" });
    expect(shown(error)).not.toContain(secret);
    await client.close();
  });
});

test("inspect does not show the key in the options that configFromEnv returns", () => {
  const options = configFromEnv({ CENT_API_KEY: secret, CENT_URL: "http://x/api" });
  expect(options).toEqual({ apiKey: secret, url: "http://x/api" });
  expect(inspect(options)).not.toContain(secret);
  expect(inspect(options)).toContain("http://x/api");
});
