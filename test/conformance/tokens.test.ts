import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Centrifuge } from "centrifuge";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { PublicKeyTokens, TokenConfig, Tokens } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { listen } from "../harness/listening-server.ts";
import { eddsaPem, publicKeyTokens, rsaPem, secretTokens, tokenSecret } from "../harness/token-makers.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { whyNotReal } from "./servers.ts";

// The server has the config.json that `tokens.config()` prints, and namespaces. Its clients are the official ones.

const obstacle = whyNotReal("a configuration of its own");
const title = `tokens and a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`;
/** Some of these tests wait until something expires. */
const timeout = 30_000;

function binary(): string {
  const { location } = inject("realServer");
  if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
  return location.binary;
}

/** Serves fetch handlers of the tests on loopback. */
async function serve(handler: (request: Request) => Promise<Response>) {
  const server = createServer(async (incoming, outgoing) => {
    const response = await handler(
      new Request(`http://localhost${incoming.url}`, { method: incoming.method ?? "GET" }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  const listening = await listen(server);
  return { ...listening, url: `http://127.0.0.1:${listening.port}` };
}

/** The text of a config.json with the verification of tokens, and what the tests need besides. */
const configText = ({ client, ...rest }: TokenConfig, more: object = {}) =>
  JSON.stringify({
    client: { ...client, allowed_origins: ["*"] },
    channel: { namespaces: [{ name: "room", presence: true }, { name: "news" }] },
    ...rest,
    ...more,
  });

interface Outcome {
  readonly event: "connected" | "disconnected" | "error";
  readonly code?: number;
  readonly data?: unknown;
}

const open: Centrifuge[] = [];
afterEach(() => {
  for (const centrifuge of open.splice(0)) centrifuge.disconnect();
  vi.useRealTimers();
});

function client(server: UnchangedCentrifugo, token: string): Centrifuge {
  const centrifuge = new Centrifuge(server.webSocketUrl, { token, websocket: WebSocket });
  open.push(centrifuge);
  return centrifuge;
}

/** Connects, and waits for the first outcome. */
function connect(centrifuge: Centrifuge): Promise<Outcome> {
  return new Promise((resolve) => {
    centrifuge.on("connected", () => resolve({ event: "connected" }));
    centrifuge.on("disconnected", ({ code }) => resolve({ event: "disconnected", code }));
    centrifuge.on("error", ({ error }) => resolve({ event: "error", code: error.code }));
    centrifuge.connect();
  });
}

/** Subscribes with a token, and waits for the first outcome, of the connection or the subscription. */
function subscribe(centrifuge: Centrifuge, channel: string, token: string): Promise<Outcome> {
  // A client without `getToken` hides the server's code 109.
  const subscription = centrifuge.newSubscription(channel, { token, getToken: async () => token });
  return new Promise((resolve) => {
    subscription.on("subscribed", ({ data }) => resolve({ event: "connected", data }));
    subscription.on("error", ({ error }) => resolve({ event: "error", code: error.code }));
    subscription.on("unsubscribed", ({ code }) => resolve({ event: "disconnected", code }));
    centrifuge.on("disconnected", ({ code }) => resolve({ event: "disconnected", code }));
    subscription.subscribe();
  });
}

/** Makes a token at another time. */
async function at<T>(secondsFromNow: number, make: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + secondsFromNow * 1_000 });
  try {
    return await make();
  } finally {
    vi.useRealTimers();
  }
}

describe.skipIf(obstacle !== "")(title, { timeout }, () => {
  const algorithms: [string, Tokens | PublicKeyTokens][] = [...secretTokens, ...publicKeyTokens].map(
    ([name, tokens]) => [name, tokens],
  );

  describe.each(algorithms)("with %s", (algorithm, tokens) => {
    let server: UnchangedCentrifugo;
    let keys: Awaited<ReturnType<typeof serve>> | undefined;
    let text: string;

    beforeAll(async () => {
      keys = algorithm === "EdDSA" ? await serve((tokens as PublicKeyTokens).serveJwks) : undefined;
      text = configText(await tokens.config(keys && { jwksUrl: `${keys.url}/jwks` }));
      server = await startCentrifugoUnchanged(binary(), text);
    });

    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      await keys?.[Symbol.asyncDispose]();
    });

    test("a client connects and subscribes with tokens", async () => {
      const token = await tokens.connection({ user: "42", expiresIn: "1h", info: { name: "Ann" } });
      const centrifuge = client(server, token);
      expect(await connect(centrifuge)).toEqual({ event: "connected" });
      const options = { user: "42", channel: "$room:1", expiresIn: 60, data: { first: 1 } };
      expect(await subscribe(centrifuge, "$room:1", await tokens.subscription(options))).toEqual({
        event: "connected",
        data: { first: 1 },
      });
    });

    test("checktoken and checksubtoken accept the tokens, and no others", async () => {
      const folder = mkdtempSync(join(tmpdir(), "checktoken-"));
      writeFileSync(join(folder, "config.json"), text);
      const check = async (command: string, token: string) =>
        (await promisify(execFile)(binary(), [command, "-c", "config.json", token], { cwd: folder })).stdout;
      try {
        const connection = await tokens.connection({ user: "42", expiresIn: 60 });
        const subscription = await tokens.subscription({ user: "42", channel: "room:1", expiresIn: 60 });
        expect(await check("checktoken", connection)).toContain("valid token for user 42");
        expect(await check("checksubtoken", subscription)).toContain(
          'valid subscription token for user "42" and channel "room:1"',
        );
        const forged = connection.replace(/\.(?=[^.]*$)./, (start) => (start === ".A" ? ".B" : ".A"));
        await expect(check("checktoken", forged)).rejects.toThrow();
        await expect(check("checktoken", subscription)).rejects.toThrow();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("with HS256, an audience and an issuer", () => {
    const options = { hmac: tokenSecret, audience: "chat", issuer: "backend" };
    const tokens = createTokens(options);
    let server: UnchangedCentrifugo;
    let polled: Awaited<ReturnType<typeof serve>>;

    beforeAll(async () => {
      polled = await serve(async () =>
        Response.json({ result: { items: [{ key: "a", data: { n: 1 }, version: 1 }] } }),
      );
      const more = {
        http_api: { key: "api_key" },
        channel: {
          proxy: { shared_poll_refresh: { endpoint: polled.url } },
          namespaces: [
            { name: "room", presence: true },
            { name: "news", presence: true },
            {
              ...{ name: "poll", subscription_type: "shared_poll", allow_subscribe_for_client: true },
              shared_poll: { mode: "versioned", refresh_interval: "1s" },
            },
          ],
        },
      };
      server = await startCentrifugoUnchanged(binary(), configText(await tokens.config(), more));
    });

    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      await polled[Symbol.asyncDispose]();
    });

    const connected = async (user = "42") => {
      const centrifuge = client(server, await tokens.connection({ user, expiresIn: 60 }));
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
      await vi.waitFor(() =>
        expect([...subscribed]).toEqual(expect.arrayContaining([["room:1", [1, "two"]]])),
      );
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

    describe("track signatures", () => {
      /** Tracks keys with a signature, and waits for a publication or an error. */
      async function track(user: string, keys: string[], signature: string): Promise<unknown> {
        const centrifuge = await connected(user);
        const subscription = centrifuge.newSharedPollSubscription("poll:feed");
        const outcome = new Promise((resolve) => {
          subscription.on("update", ({ key, data }) => resolve({ key, data }));
          subscription.on("error", ({ error }) => resolve(error.code));
        });
        subscription.subscribe();
        await subscription.ready(5_000);
        subscription.track(
          keys.map((key) => ({ key, version: 0 })),
          signature,
        );
        return await outcome;
      }
      const options = { user: "42", channel: "poll:feed", keys: ["a", "b"] };

      test.each(["1h", false] as const)(
        "the server accepts a signature that expires in: %s",
        async (expiresIn) => {
          const signature = await tokens.trackSignature({ ...options, expiresIn });
          expect(await track("42", ["a", "b"], signature)).toEqual({ key: "a", data: { n: 1 } });
        },
      );

      test.each([
        ["other keys", "42", ["b", "a"]],
        ["another user", "43", ["a", "b"]],
      ] as const)("the server refuses %s with error 103", async (_name, user, keys) => {
        const signature = await tokens.trackSignature({ ...options, expiresIn: "1h" });
        expect(await track(user, [...keys], signature)).toBe(103);
      });

      test("the server refuses an expired signature with error 109", async () => {
        const signature = await at(-100, () => tokens.trackSignature({ ...options, expiresIn: 60 }));
        expect(await track("42", ["a", "b"], signature)).toBe(109);
      });
    });
  });

  test("tokens of the secret before are accepted until its time", async () => {
    const old = createTokens({ hmac: "the secret before, of some length" });
    const previous = { hmac: "the secret before, of some length" };
    const token = await old.connection({ user: "42", expiresIn: "1h" });
    for (const [validUntil, outcome] of [
      [undefined, { event: "connected" }],
      [new Date(Date.now() + 60_000), { event: "connected" }],
      [new Date(Date.now() - 60_000), { event: "disconnected", code: 3500 }],
    ] as const) {
      const tokens = createTokens({ hmac: tokenSecret, previous: { ...previous, validUntil } });
      await using server = await startCentrifugoUnchanged(binary(), configText(await tokens.config()));
      expect(await connect(client(server, token))).toEqual(outcome);
      const verified = await tokens.verify(token).then(
        () => "connected",
        () => "disconnected",
      );
      expect(verified).toBe(outcome.event);
    }
  });

  test("keys rotate by kid: the server takes tokens of the new and of the old key from one JWKS", async () => {
    const old = createTokens({ rsa: rsaPem, kid: "2025" });
    const tokens = createTokens({ eddsa: eddsaPem, kid: "2026", previous: [{ rsa: rsaPem, kid: "2025" }] });
    await using keys = await serve(tokens.serveJwks);
    const config = await tokens.config({ jwksUrl: keys.url });
    await using server = await startCentrifugoUnchanged(binary(), configText(config));
    for (const maker of [old, tokens]) {
      const token = await maker.connection({ user: "42", expiresIn: 60 });
      expect(await connect(client(server, token))).toEqual({ event: "connected" });
      expect(await tokens.verify(token)).toMatchObject({ sub: "42" });
    }
    const unknown = await createTokens({ rsa: rsaPem, kid: "2024" }).connection({
      user: "42",
      expiresIn: 60,
    });
    expect(await connect(client(server, unknown))).toEqual({ event: "disconnected", code: 3500 });
  });
});
