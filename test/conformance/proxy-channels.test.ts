import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CentProxy, EventRequests, EventResults } from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect, expired } from "../../src/proxy/index.ts";
import type { ProxiedCentrifugo } from "./proxied-centrifugo.ts";
import { obstacle, startProxied, titleOf } from "./proxied-centrifugo.ts";
import { transports } from "./servers.ts";
import { connectTo, subscribeTo } from "./watched-client.ts";

type Events = "subscribe" | "subRefresh" | "publish" | "rpc";
type On = { [Event in Events]: (request: EventRequests[Event], signal: AbortSignal) => unknown };

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const failure = { code: 100, message: "internal server error", temporary: true };
const fail = () => {
  throw new Error("detail");
};

describe.skipIf(obstacle !== "").each(transports)(
  titleOf("channels and methods and a real Centrifugo over %s"),
  (transport) => {
    let server: ProxiedCentrifugo;
    let client: ReturnType<typeof connectTo>;
    /** The handlers of the test that runs. */
    let on: On;
    const errors: string[] = [];
    const proxy: CentProxy = createProxy({
      secret: "the-secret",
      onError: (error) => errors.push(String(error)),
      connect: () => ({ user: "42", meta: { n: 1 } }),
      subscribe: {
        "rooms:one": () => ({}),
        "chat:*": (request, { signal }) => on.subscribe(request, signal) as EventResults["subscribe"],
      },
      subRefresh: { "chat:*": (request, { signal }) => on.subRefresh(request, signal) as { expireAt: Date } },
      publish: { "chat:*": (request, { signal }) => on.publish(request, signal) as EventResults["publish"] },
      rpc: {
        "chat:*": (request, { signal }) => on.rpc(request, signal) as EventResults["rpc"],
        "other:never": () => ({}),
      },
    });

    beforeAll(async () => {
      const chat = {
        presence: true,
        allow_presence_for_subscriber: true,
        history_size: 10,
        history_ttl: "60s",
      };
      server = await startProxied(proxy, transport, { chat });
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      const yes = () => ({});
      on = { subscribe: yes, subRefresh: () => undefined, publish: yes, rpc: yes };
      errors.length = 0;
      client = connectTo(server.webSocketUrl);
      await client.sees("connected");
    });
    afterEach(() => client.of.disconnect());

    describe("subscribe", () => {
      test("a client gets the answer's data, info and override", async () => {
        const seen: unknown[] = [];
        on.subscribe = (request) => {
          seen.push(request);
          return { data: { first: "page" }, info: { role: "guest" }, override: { forceRecovery: true } };
        };
        const room = subscribeTo(client, "chat:room", { pass: "word" });
        await room.sees("subscribed", { data: { first: "page" }, recoverable: true });
        expect(seen).toEqual([
          expect.objectContaining({
            channel: "chat:room",
            user: "42",
            data: { pass: "word" },
            meta: { n: 1 },
          }),
        ]);
        const { clients } = await room.of.presence();
        expect(Object.values(clients)).toMatchObject([{ user: "42", chanInfo: { role: "guest" } }]);
      });

      test("an empty object is a yes", async () => {
        await subscribeTo(client, "chat:room").sees("subscribed", { channel: "chat:room" });
      });

      test.each<[string, On["subscribe"], string, object]>([
        [
          "deny()",
          () => deny("no such room", { code: 404 }),
          "unsubscribed",
          { code: 404, reason: "no such room" },
        ],
        ["nothing", () => undefined, "unsubscribed", { code: 403, reason: "permission denied" }],
        ["null", () => null, "unsubscribed", { code: 403, reason: "permission denied" }],
        [
          "deny() for now",
          () => deny("full", { code: 1000, temporary: true }),
          "error",
          { error: { code: 1000, message: "full", temporary: true } },
        ],
        ["an accident", fail, "error", { error: failure }],
        ["true", () => true, "error", { error: failure }],
      ])("a client sees its refusal by %s", async (_how, handler, event, context) => {
        on.subscribe = handler;
        await subscribeTo(client, "chat:room").sees(event, context);
      });

      test("a client sees its refusal by disconnect()", async () => {
        on.subscribe = () => disconnect(4501, "banned");
        subscribeTo(client, "chat:room");
        await client.sees("disconnected", { code: 4501, reason: "banned" });
      });

      test("a channel without a handler in a namespace with one is refused", async () => {
        await subscribeTo(client, "rooms:two").sees("unsubscribed", {
          code: 403,
          reason: "permission denied",
        });
        await subscribeTo(client, "rooms:one").sees("subscribed");
      });
    });

    describe("subRefresh", () => {
      test("a subscription goes on as long as it is prolonged", async () => {
        const seen: unknown[] = [];
        on.subscribe = () => ({ expireAt: inSeconds(1) });
        on.subRefresh = ({ channel, user, meta }) => {
          seen.push({ channel, user, meta });
          return seen.length === 2 ? expired() : { expireAt: inSeconds(1) };
        };
        const room = subscribeTo(client, "chat:room");
        await room.sees("subscribing", { code: 2501, reason: "subscription expired" }, 15_000);
        const asked = { channel: "chat:room", user: "42", meta: { n: 1 } };
        expect(seen).toEqual([asked, asked]);
      });

      test.each<[string, On["subRefresh"]]>([
        ["nothing", () => undefined],
        ["an empty object, which Centrifugo would take for no end at all", () => ({})],
        ["deny()", () => deny()],
      ])("a handler that gives %s ends the subscription", async (_what, handler) => {
        on.subscribe = () => ({ expireAt: inSeconds(1) });
        on.subRefresh = handler;
        await subscribeTo(client, "chat:room").sees("subscribing", { code: 2501 }, 10_000);
        expect(errors).toEqual([]);
      });

      test("a handler that fails ends no subscription", async () => {
        on.subscribe = () => ({ expireAt: inSeconds(1) });
        on.subRefresh = fail;
        const room = subscribeTo(client, "chat:room");
        await expect.poll(() => errors, { timeout: 10_000 }).toEqual(["Error: detail"]);
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(room.events.map(([name]) => name)).toEqual(["subscribing", "subscribed"]);
      });
    });

    describe("publish", () => {
      test("subscribers get the data that the handler made, with its tags", async () => {
        const seen: unknown[] = [];
        on.publish = (request) => {
          seen.push(request);
          return { data: { text: "clean" }, tags: { by: "proxy" } };
        };
        const room = subscribeTo(client, "chat:room");
        await room.sees("subscribed");
        await client.of.publish("chat:room", { text: "dirty <b>" });
        await room.sees("publication", { data: { text: "clean" }, tags: { by: "proxy" }, offset: 1 });
        expect(seen).toEqual([
          expect.objectContaining({
            channel: "chat:room",
            user: "42",
            data: { text: "dirty <b>" },
            meta: { n: 1 },
          }),
        ]);
      });

      test("an empty object publishes the client's own data, and null is data", async () => {
        const room = subscribeTo(client, "chat:own");
        await room.sees("subscribed");
        await client.of.publish("chat:own", { text: "as it is" });
        await room.sees("publication", { data: { text: "as it is" } });
        on.publish = () => ({ data: null });
        await client.of.publish("chat:own", { text: "hidden" });
        await room.sees("publication", { data: null });
      });

      test.each<[string, On["publish"], object]>([
        [
          "deny()",
          () => deny("not here", { code: 1403 }),
          { code: 1403, message: "not here", temporary: false },
        ],
        ["nothing", () => undefined, { code: 403, message: "permission denied", temporary: false }],
        ["an accident", fail, failure],
        [
          "empty bytes, in place of which Centrifugo would publish the client's data",
          () => ({ data: new Uint8Array() }),
          failure,
        ],
        ["disconnect()", () => disconnect(4000, "calm down"), { code: 11, message: "connection closed" }],
      ])("a client sees its refusal by %s, and nothing is published", async (_how, handler, error) => {
        const channel = `chat:${Math.random()}`;
        on.publish = handler;
        const room = subscribeTo(client, channel);
        await room.sees("subscribed");
        await expect(client.of.publish(channel, { text: "bad" })).rejects.toEqual(error);
        expect(room.events.filter(([name]) => name === "publication")).toEqual([]);
      });
    });

    describe("rpc", () => {
      test("a call gets the answer's data", async () => {
        on.rpc = ({ method, data, user, meta }) => ({ data: { method, data, user, meta } });
        expect(await client.of.rpc("chat:rename", { to: "ü <b>" })).toEqual({
          data: { method: "chat:rename", data: { to: "ü <b>" }, user: "42", meta: { n: 1 } },
        });
      });

      test("an answer may have no data", async () => {
        expect(await client.of.rpc("chat:x", 1)).toEqual({ data: undefined });
      });

      test.each<[string, On["rpc"], object]>([
        ["deny()", () => deny("no", { code: 400 }), { code: 400, message: "no", temporary: false }],
        ["nothing", () => undefined, { code: 403, message: "permission denied", temporary: false }],
        ["an accident", fail, failure],
        ["a rejection", () => Promise.reject(new Error("detail")), failure],
        ["a value without JSON", () => ({ data: 1n }), failure],
        ["disconnect()", () => disconnect(4500, "go"), { code: 11, message: "connection closed" }],
      ])("a client sees its refusal by %s", async (_how, handler, error) => {
        on.rpc = handler;
        await expect(client.of.rpc("chat:x", {})).rejects.toEqual(error);
      });

      test("a method without a handler in a namespace with one is refused", async () => {
        await expect(client.of.rpc("other:x", {})).rejects.toMatchObject({
          code: 403,
          message: "permission denied",
        });
      });

      test("a handler that hangs is left after a second, and its signal aborts", async () => {
        const aborted = Promise.withResolvers<void>();
        on.rpc = (_request, signal) => {
          signal.addEventListener("abort", () => aborted.resolve());
          return new Promise(() => {});
        };
        await expect(client.of.rpc("chat:x", {})).rejects.toEqual(failure);
        await aborted.promise;
        on.rpc = () => ({ data: "again" });
        expect(await client.of.rpc("chat:x", {})).toEqual({ data: "again" });
      });

      test("an answer of 5 MB does no harm to the server", async () => {
        on.rpc = () => ({ data: "x".repeat(5_000_000) });
        const outcome = await client.of.rpc("chat:x", {}).then(
          ({ data }) => data.length,
          (error: unknown) => error,
        );
        // gRPC has a limit of 4 MiB. Over HTTP, the server cuts a client off whose queue it fills, if it is still full.
        const cut = { code: 11, message: "connection closed" };
        expect(transport === "grpc" ? [failure] : [cut, 5_000_000]).toContainEqual(outcome);
        on.rpc = () => ({ data: "again" });
        // The cut may come after the answer. The client then connects again.
        const again = () => client.of.rpc("chat:x", {}).catch((error: unknown) => error);
        await expect.poll(again, { timeout: 10_000 }).toEqual({ data: "again" });
      });
    });
  },
);
