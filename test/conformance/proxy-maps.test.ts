import type { SharedPollSubscription } from "centrifuge";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import type { EventRequests, EventResults } from "../../src/proxy/index.ts";
import { createProxy, deny } from "../../src/proxy/index.ts";
import { createTokens } from "../../src/token/index.ts";
import type { ProxiedCentrifugo } from "./proxied-centrifugo.ts";
import { obstacle, startProxied, titleOf, trackSecret } from "./proxied-centrifugo.ts";
import { transports } from "./servers.ts";
import type { Watched } from "./watched-client.ts";
import { connectTo, watch } from "./watched-client.ts";

type Events = "mapPublish" | "mapRemove" | "sharedPollRefresh";
type On = { [Event in Events]: (request: EventRequests[Event]) => unknown };

const failure = { code: 100, message: "internal server error", temporary: true };
/** Centrifugo 6.9.1 does an approved write, and says this to the client that writes. */
const fault = { code: 107, message: "bad request", temporary: false };
const fail = () => {
  throw new Error("detail");
};

describe.skipIf(obstacle !== "").each(transports)(
  titleOf("maps and shared polls and a real Centrifugo over %s"),
  (transport) => {
    let server: ProxiedCentrifugo;
    let client: ReturnType<typeof connectTo>;
    let on: On;
    /** A channel for each test. */
    let name: string;
    const errors: string[] = [];
    const proxy = createProxy({
      secret: "the-secret",
      onError: (error) => errors.push(String(error)),
      connect: () => ({ user: "42", meta: { n: 1 } }),
      mapPublish: { "board:*": (request) => on.mapPublish(request) as EventResults["mapPublish"] },
      mapRemove: { "board:*": (request) => on.mapRemove(request) as EventResults["mapRemove"] },
      sharedPollRefresh: {
        "poll:*": (request) => on.sharedPollRefresh(request) as EventResults["sharedPollRefresh"],
      },
    });

    beforeAll(async () => {
      server = await startProxied(proxy, transport, {
        board: {
          subscription_type: "map",
          allow_subscribe_for_client: true,
          map: { mode: "recoverable", key_ttl: "300s" },
        },
        poll: {
          allow_subscribe_for_client: true,
          shared_poll: { mode: "versioned", refresh_interval: "200ms" },
        },
      });
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      const yes = () => ({});
      on = { mapPublish: yes, mapRemove: yes, sharedPollRefresh: yes };
      errors.length = 0;
      name = String(Math.random()).slice(2);
      client = connectTo(server.webSocketUrl);
      await client.sees("connected");
    });
    afterEach(() => client.of.disconnect());

    describe("a map", () => {
      const board = async () => {
        const map = watch(client.of.newMapSubscription(`board:${name}`), ["subscribed", "update"]);
        map.of.subscribe();
        await map.sees("subscribed");
        return map;
      };

      test("an approved write and removal reach subscribers, though the writer sees Centrifugo's fault", async () => {
        const seen: unknown[] = [];
        on.mapPublish = (request) => {
          seen.push(request);
          return { key: "chosen", data: { x: 2 }, tags: { a: "b" } };
        };
        on.mapRemove = (request) => {
          seen.push(request);
          return { key: "chosen" };
        };
        const map = await board();
        await expect(map.of.publish("asked", { x: 1 })).rejects.toEqual(fault);
        await map.sees("update", { key: "chosen", data: { x: 2 }, tags: { a: "b" } });
        await expect(map.of.remove("asked")).rejects.toEqual(fault);
        await map.sees("update", { key: "chosen", removed: true });
        const asked = { channel: `board:${name}`, key: "asked", user: "42", meta: { n: 1 } };
        expect(seen).toEqual([
          expect.objectContaining({ ...asked, data: { x: 1 } }),
          expect.objectContaining(asked),
        ]);
      });

      test("an empty object writes what the client sent", async () => {
        const map = await board();
        await expect(map.of.publish("a", { x: 1 })).rejects.toEqual(fault);
        await map.sees("update", { key: "a", data: { x: 1 } });
      });

      test.each<[string, () => unknown, object]>([
        ["deny()", () => deny("locked", { code: 423 }), { code: 423, message: "locked", temporary: false }],
        ["nothing", () => undefined, { code: 403, message: "permission denied", temporary: false }],
        ["an accident", fail, failure],
      ])("a writer sees a refusal by %s, and nothing changes", async (_how, handler, error) => {
        await using cent = createClient({ url: server.httpUrl, apiKey: "api_key", transport: "http" });
        await cent.mapPublish({ channel: `board:${name}`, key: "a", data: 1 });
        on.mapPublish = handler;
        on.mapRemove = handler;
        const map = await board();
        await expect(map.of.publish("a", 2)).rejects.toEqual(error);
        await expect(map.of.remove("a")).rejects.toEqual(error);
        const { entries } = await cent.mapReadState({ channel: `board:${name}`, limit: -1 });
        expect(entries).toMatchObject([{ key: "a", data: 1 }]);
      });
    });

    describe("a shared poll", () => {
      const poll = async (...keys: string[]): Promise<Watched<SharedPollSubscription>> => {
        const channel = `poll:${name}`;
        const watched = watch(client.of.newSharedPollSubscription(channel), [
          "subscribed",
          "update",
          "error",
        ]);
        watched.of.subscribe();
        await watched.sees("subscribed");
        const tokens = createTokens({ hmac: trackSecret });
        const signature = await tokens.trackSignature({ user: "42", channel, keys, expiresIn: "1h" });
        watched.of.track(
          keys.map((key) => ({ key, version: 0 })),
          signature,
        );
        return watched;
      };

      test("clients get the newer versions of the keys that they track", async () => {
        let version = 0;
        const seen: EventRequests["sharedPollRefresh"][] = [];
        on.sharedPollRefresh = (request) => {
          seen.push(request);
          version++;
          return { items: request.items.map(({ key }) => ({ key, data: { key, version }, version })) };
        };
        const watched = await poll("a", "b");
        await watched.sees("update", { key: "a" });
        await watched.sees("update", { key: "b" });
        const later = version + 1;
        await watched.sees("update", { key: "a", data: { key: "a", version: later } });
        expect(seen[0]).toMatchObject({ channel: `poll:${name}` });
        // The server sends on which version it has.
        expect(seen.at(-1)?.items).toContainEqual({ key: "a", version: expect.any(Number) });
      });

      test.each<[string, On["sharedPollRefresh"]]>([
        ["deny()", () => deny("later")],
        ["an accident", fail],
        ["a null item, which would end the whole server", () => ({ items: [null] })],
        ["nothing", () => undefined],
      ])("%s skips a turn, and the next one counts", async (_how, handler) => {
        let calls = 0;
        on.sharedPollRefresh = (request) => {
          calls++;
          return calls < 3 ? handler(request) : { items: [{ key: "a", data: calls, version: calls }] };
        };
        const watched = await poll("a");
        await watched.sees("update", { key: "a" });
        expect(watched.events.filter(([event]) => event === "update")[0]).toMatchObject([
          "update",
          { data: 3 },
        ]);
      });
    });
  },
);
