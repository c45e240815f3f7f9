import { Centrifuge } from "centrifuge";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { tokenSecret } from "../harness/token-makers.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { at, client, connect, obstacle, open, skipped, start, subscribe, timeout } from "./token-set-up.ts";

// The server has the config.json that `tokens.config()` prints, and namespaces. Its clients are the official ones.

describe.skipIf(obstacle !== "")(`tokens and a real Centrifugo${skipped}`, { timeout }, () => {
  const options = { hmac: tokenSecret, audience: "chat", issuer: "backend" };
  const tokens = createTokens(options);
  let server: UnchangedCentrifugo;

  beforeAll(async () => {
    server = await start(await tokens.config(), { http_api: { key: "api_key" } });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  const connected = async () => {
    const centrifuge = client(server, await tokens.connection({ user: "42", expiresIn: 60 }));
    expect(await connect(centrifuge)).toEqual({ event: "connected" });
    return centrifuge;
  };

  test("an expired connection token gets error 109", async () => {
    const token = await at(-100, () => tokens.connection({ user: "42", expiresIn: 60 }));
    expect(await connect(client(server, token))).toEqual({ event: "error", code: 109 });
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: "ERR_JWT_EXPIRED" });
  });

  test.each([
    ["another secret", { ...options, hmac: `${tokenSecret}!` }],
    ["another audience", { ...options, audience: "shop" }],
    ["another issuer", { ...options, issuer: "somebody" }],
    ["no audience", { ...options, audience: undefined }],
  ])("a token of %s is disconnected with code 3500, and verify refuses it", async (_name, other) => {
    const token = await createTokens(other).connection({ user: "42", expiresIn: 60 });
    expect(await connect(client(server, token))).toEqual({ event: "disconnected", code: 3500 });
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_JW/) });
  });

  test.each([
    ["an expired subscription token gets error 109", -100, {}, "error", 109],
    [
      "a token for another channel is disconnected with code 3500",
      0,
      { channel: "room:2" },
      "disconnected",
      3500,
    ],
    ["a token for another user is disconnected with code 3500", 0, { user: "43" }, "disconnected", 3500],
  ] as const)("%s", async (_name, seconds, other, event, code) => {
    const centrifuge = await connected();
    const token = await at(seconds, () =>
      tokens.subscription({ user: "42", channel: "room:1", expiresIn: 60, ...other }),
    );
    const outcome = await subscribe(centrifuge, "room:1", token);
    expect(outcome).toEqual({ event, code });
  });

  test("a connection token is refused as a subscription token", async () => {
    const centrifuge = await connected();
    const token = await tokens.connection({ user: "42", expiresIn: 60 });
    expect(await subscribe(centrifuge, "room:1", token)).toEqual({ event: "disconnected", code: 103 });
  });

  test("a token without an end, and one for nobody, are accepted", async () => {
    for (const token of [
      await tokens.connection({ user: "42", expiresIn: false }),
      await tokens.connection({ anonymous: true, expiresIn: 60 }),
    ])
      expect(await connect(client(server, token))).toEqual({ event: "connected" });
  });

  test("a token with notBefore in the future gets error 109", async () => {
    const token = await tokens.connection({
      user: "42",
      expiresIn: 60,
      notBefore: Date.now() / 1_000 + 30,
    });
    expect(await connect(client(server, token))).toEqual({ event: "error", code: 109 });
  });

  test("the server reads info, bytes, subs, data and override as they were given", async () => {
    const centrifuge = client(
      server,
      await tokens.connection({
        ...{ user: "42", expiresIn: 60, info: { name: "Änn" }, meta: { tenant: 1 } },
        subs: {
          "room:1": { info: { role: "host" }, data: [1, "two"] },
          "news:1": { override: { presence: false }, info: new TextEncoder().encode("{}") },
        },
      }),
    );
    const subscribed = new Map<string, unknown>();
    centrifuge.on("subscribed", ({ channel, data }) => subscribed.set(channel, data));
    expect(await connect(centrifuge)).toEqual({ event: "connected" });
    await vi.waitFor(() => expect([...subscribed]).toEqual(expect.arrayContaining([["room:1", [1, "two"]]])));
    const presence = async (channel: string) => {
      const response = await fetch(`${server.httpUrl}/presence`, {
        ...{ method: "POST", headers: { "x-api-key": "api_key" }, body: JSON.stringify({ channel }) },
      });
      return Object.values(((await response.json()) as { result: { presence: object } }).result.presence);
    };
    expect(await presence("room:1")).toEqual([
      { user: "42", client: expect.any(String), conn_info: { name: "Änn" }, chan_info: { role: "host" } },
    ]);
    expect(await presence("news:1")).toEqual([]);
  });

  test("getToken of the official client works with the endpoint", async () => {
    const handler = tokens.endpoint({
      user: (request) => request.headers.get("x-user"),
      subscription: ({ user, channel }) => channel === `room:${user}`,
    });
    const getToken = async (channel?: string) => {
      const body = JSON.stringify({ channel });
      const headers = { "x-user": "42" };
      const response = await handler(new Request("http://app/token", { method: "POST", headers, body }));
      if (response.status === 403) throw new Centrifuge.UnauthorizedError("");
      return ((await response.json()) as { token: string }).token;
    };
    const centrifuge = new Centrifuge(server.webSocketUrl, {
      websocket: WebSocket,
      getToken: () => getToken(),
    });
    open.push(centrifuge);
    expect(await connect(centrifuge)).toEqual({ event: "connected" });
    const outcomes = ["room:42", "room:43"].map((channel) => {
      const subscription = centrifuge.newSubscription(channel, {
        getToken: (context) => getToken(context.channel),
      });
      const outcome = new Promise((resolve) => {
        subscription.on("subscribed", () => resolve("subscribed"));
        subscription.on("unsubscribed", ({ code }) => resolve(code));
      });
      subscription.subscribe();
      return outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(["subscribed", 1]);
  });
});
