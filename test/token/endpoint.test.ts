import { describe, expect, test, vi } from "vitest";
import type { EndpointOptions } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { publicKeyTokens, tokenSecret } from "../harness/token-makers.ts";

const tokens = createTokens({ hmac: tokenSecret });
const url = "https://app/centrifugo/token";

/** A request of the user in its header. */
function request(init: RequestInit & { readonly user?: string; readonly query?: string } = {}): Request {
  const { user = "42", query = "", ...rest } = init;
  return new Request(`${url}${query}`, { method: "POST", headers: { "x-user": user }, ...rest });
}

/** An endpoint where users may subscribe to their own room. */
const options: EndpointOptions = {
  user: async ({ headers }) => headers.get("x-user"),
  subscription: ({ user, channel }) => channel === `room:${user}`,
};
const handler = tokens.endpoint(options);

async function claimsOf(response: Response) {
  expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
  return tokens.verify(((await response.json()) as { token: string }).token);
}

describe("tokens from an endpoint", () => {
  test.each<[string, RequestInit & { readonly query?: string }]>([
    ["a POST without a body", {}],
    ["a POST of {}", { body: "{}" }],
    ["a POST of what getToken of a connection is given", { body: JSON.stringify({ channel: undefined }) }],
    ["a GET", { method: "GET" }],
    ["a channel in the prototype of the JSON", { body: '{"__proto__": {"channel": "room:43"}}' }],
  ])("%s gets a connection token of an hour", async (_name, init) => {
    const claims = await claimsOf(await handler(request(init)));
    expect(claims).toEqual({ sub: "42", iat: expect.any(Number), exp: Number(claims.iat) + 3_600 });
  });

  test.each<[string, RequestInit & { readonly query?: string }]>([
    ["in the body", { body: '{"channel":"room:42"}' }],
    ["in the query of a GET", { method: "GET", query: "?channel=room:42" }],
  ])("a channel %s gets a subscription token", async (_name, init) => {
    expect(await claimsOf(await handler(request(init)))).toMatchObject({ sub: "42", channel: "room:42" });
  });

  test("the query of a POST does not count", async () => {
    expect(await claimsOf(await handler(request({ query: "?channel=room:42" })))).not.toHaveProperty(
      "channel",
    );
  });

  test("claims of the functions are in the tokens, and their end replaces the default", async () => {
    const expiresAt = Math.floor(Date.now() / 1_000) + 30;
    const other = tokens.endpoint({
      ...{ user: () => "42", expiresIn: "5m" },
      connection: async ({ user, request }) => ({
        info: { user, method: request.method },
        channels: ["news"],
      }),
      subscription: ({ channel }) => (channel === "a" ? { expiresAt, data: 1 } : { expiresIn: 20 }),
    });
    const connection = await claimsOf(await other(request()));
    expect(connection).toMatchObject({ sub: "42", info: { user: "42", method: "POST" }, channels: ["news"] });
    expect(Number(connection.exp) - Number(connection.iat)).toBe(300);
    const first = await claimsOf(await other(request({ body: '{"channel":"a"}' })));
    expect(first).toMatchObject({ channel: "a", exp: expiresAt, data: 1 });
    const second = await claimsOf(await other(request({ body: '{"channel":"b"}' })));
    expect(Number(second.exp) - Number(second.iat)).toBe(20);
  });

  test("a function cannot change the user or the channel of a token", async () => {
    const claims = { user: "1", channel: "other" } as object;
    const other = tokens.endpoint({ user: () => "42", subscription: () => claims });
    expect(await claimsOf(await other(request({ body: '{"channel":"a"}' })))).toMatchObject({
      sub: "42",
      channel: "a",
    });
  });

  test("nobody gets an anonymous token, if the endpoint says so", async () => {
    const asked = vi.fn(() => true);
    const other = tokens.endpoint({ user: () => null, anonymous: true, connection: asked });
    expect(await claimsOf(await other(request()))).not.toHaveProperty("sub");
    expect(asked).toHaveBeenCalledWith({ user: "", request: expect.any(Request) });
  });
});

describe("refusals of an endpoint", () => {
  async function refused(init: Parameters<typeof request>[0], other = handler) {
    const response = await other(request(init));
    expect([response.headers.get("cache-control"), Object.keys(await response.json())]).toEqual([
      "no-store",
      ["error"],
    ]);
    return response.status;
  }

  test.each<[string, Parameters<typeof request>[0], number]>([
    ["a request without a user", { user: "" }, 403],
    ["another user's channel", { body: '{"channel":"room:43"}' }, 403],
    ["text that is not JSON", { body: "channel=room:42" }, 400],
    ["JSON that is no object", { body: '["room:42"]' }, 400],
    ["null", { body: "null" }, 400],
    ["an empty channel", { body: '{"channel":""}' }, 400],
    ["a channel that is no text", { body: '{"channel":["room:42"]}' }, 400],
    ["a channel of null", { body: '{"channel":null}' }, 400],
    ["half a surrogate pair", { body: '{"channel":"\\ud800"}' }, 400],
    ["an empty channel in the query", { method: "GET", query: "?channel=" }, 400],
    ["JSON that is nested 8,000 deep", { body: "[".repeat(8_000) + "]".repeat(8_000) }, 400],
    ["a body of more than 16 KiB", { body: `{"channel":"${"x".repeat(16_384)}"}` }, 413],
    ["PUT", { method: "PUT" }, 405],
  ])("%s gets its status", async (_name, init, status) => {
    expect(await refused(init)).toBe(status);
  });

  test("a body of 16 KiB is read", async () => {
    const body = `{"channel":"${"x".repeat(16_384 - 14)}"}`;
    expect(body).toHaveLength(16_384);
    expect(await refused({ body })).toBe(403);
  });

  test("a body without an end is not read to its end", async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls++;
        controller.enqueue(new Uint8Array(1_024));
      },
    });
    expect(await refused({ body, duplex: "half" } as RequestInit)).toBe(413);
    expect(pulls).toBeLessThan(30);
  });

  test("405 names the methods", async () => {
    expect((await handler(request({ method: "DELETE" }))).headers.get("allow")).toBe("GET, POST");
    expect((await handler(request({ user: "" }))).headers.get("allow")).toBeNull();
  });

  test("without a function for subscriptions, nobody may subscribe", async () => {
    expect(await refused({ body: '{"channel":"room:42"}' }, tokens.endpoint({ user: () => "42" }))).toBe(403);
  });

  test.each([false, undefined, null, 0, "", "yes", 1])("an answer of %j refuses", async (answer) => {
    const other = tokens.endpoint({ user: () => "42", connection: () => answer as boolean });
    expect(await refused({}, other)).toBe(403);
  });

  test("the functions are not asked about a request without a user", async () => {
    const connection = vi.fn(() => true);
    expect(await refused({}, tokens.endpoint({ user: () => undefined, connection }))).toBe(403);
    expect(connection).not.toHaveBeenCalled();
  });

  test("the error of a function rejects, and so does a wrong claim or a user of number", async () => {
    const failing = tokens.endpoint({ user: () => Promise.reject(new Error("no database")) });
    await expect(failing(request())).rejects.toThrow("no database");
    const wrong = tokens.endpoint({ user: () => "42", connection: () => ({ chanels: [] }) as object });
    await expect(wrong(request())).rejects.toThrow(
      "connection: chanels: unknown option; did you mean channels?",
    );
    const number = tokens.endpoint({ user: () => 42 as unknown as string });
    await expect(number(request())).rejects.toThrow(
      'connection: user: expected a text, got the number 42: pass "42"',
    );
  });

  test.each<[string, object]>([
    ["an array", []],
    ["a Error", new Error("not allowed")],
    ["a Response", new Response(null, { status: 403 })],
    ["a Map", new Map()],
  ])("%s from a function is no yes", async (name, given) => {
    const wrong = tokens.endpoint({ user: () => "42", connection: () => given, subscription: () => given });
    const expected = `expected an object, got ${name}`;
    await expect(wrong(request())).rejects.toThrow(new TypeError(`endpoint: connection: ${expected}`));
    const subscribing = wrong(request({ body: '{"channel":"chat"}' }));
    await expect(subscribing).rejects.toThrow(new TypeError(`endpoint: subscription: ${expected}`));
  });

  test.each<[object, string]>([
    [{}, "user: expected a function"],
    [{ user: "42" }, "user: expected a function"],
    [
      { user: () => "42", subscribe: () => true },
      "subscribe: unknown option; expected one of user, anonymous, connection, subscription, expiresIn",
    ],
    [{ user: () => "42", anonymous: 1 }, "anonymous: expected true or false, got 1"],
  ])("endpoint refuses the options %j", (wrong, message) => {
    expect(() => tokens.endpoint(wrong as EndpointOptions)).toThrow(new TypeError(`endpoint: ${message}`));
  });

  test("an endpoint with a wrong expiresIn says so when it is made", () => {
    expect(() => tokens.endpoint({ user: () => "42", expiresIn: 3_600_000_000 })).toThrow(
      /^endpoint: expiresIn: /,
    );
  });
});

test.each(publicKeyTokens)(
  "serveJwks serves the public keys of %s, as a function of its own",
  async (_name, { jwks, serveJwks }) => {
    const response = await serveJwks(new Request("https://app/jwks"));
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(await response.json()).toEqual(await jwks());
  },
);
