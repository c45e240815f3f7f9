import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { tokenSecret } from "../harness/token-makers.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { at, client, connect, obstacle, serve, skipped, start, timeout } from "./token-set-up.ts";

describe.skipIf(obstacle !== "")(`track signatures and a real Centrifugo${skipped}`, { timeout }, () => {
  const tokens = createTokens({ hmac: tokenSecret });
  let server: UnchangedCentrifugo;
  let polled: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const items = [{ key: "a", data: { n: 1 }, version: 1 }];
    polled = await serve(async () => Response.json({ result: { items } }));
    const poll = {
      ...{ name: "poll", subscription_type: "shared_poll", allow_subscribe_for_client: true },
      shared_poll: { mode: "versioned", refresh_interval: "1s" },
    };
    const proxy = { shared_poll_refresh: { endpoint: polled.url } };
    server = await start(await tokens.config(), { channel: { proxy, namespaces: [poll] } });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await polled[Symbol.asyncDispose]();
  });

  /** Tracks keys with a signature, and waits for a publication or an error. */
  async function track(user: string, keys: string[], signature: string): Promise<unknown> {
    const centrifuge = client(server, await tokens.connection({ user, expiresIn: 60 }));
    expect(await connect(centrifuge)).toEqual({ event: "connected" });
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
