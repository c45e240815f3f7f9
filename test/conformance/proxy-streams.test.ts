import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import type { StreamContext, SubscribeRequest } from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import type { ProxiedCentrifugo } from "./proxied-centrifugo.ts";
import { obstacle, startProxied, titleOf } from "./proxied-centrifugo.ts";
import { connectTo, subscribeTo } from "./watched-client.ts";

type Stream = (
  request: SubscribeRequest,
  context: StreamContext<{ data?: unknown }>,
) => AsyncGenerator<object | undefined>;

const failure = { code: 100, message: "internal server error", temporary: true };

describe.skipIf(obstacle !== "").each(["ticks", "chat"])(
  titleOf("the stream of %s: and a real Centrifugo"),
  (namespace) => {
    const channel = `${namespace}:1`;
    let server: ProxiedCentrifugo;
    let client: ReturnType<typeof connectTo>;
    let on: Stream;
    const errors: string[] = [];
    const proxy = createProxy({
      secret: "the-secret",
      onError: (error) => errors.push(String(error)),
      connect: () => ({ user: "42", meta: { n: 1 } }),
      subscribeUnidirectional: {
        "ticks:*": (request, context) => on(request, context as StreamContext<never>),
      },
      subscribeBidirectional: { "chat:*": (request, context) => on(request, context) },
    });

    beforeAll(async () => {
      server = await startProxied(proxy, "http", {
        [namespace]: { presence: true, allow_presence_for_subscriber: true },
      });
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      errors.length = 0;
      client = connectTo(server.webSocketUrl);
      await client.sees("connected");
    });
    afterEach(() => client.of.disconnect());

    test("a client gets the decision, then publications, and the end is final", async () => {
      const seen: unknown[] = [];
      on = async function* (request) {
        seen.push(request);
        yield { data: { first: 1 }, info: { role: "guest" } };
        yield { data: { n: 1 }, tags: { a: "b" } };
        yield { data: { n: 2 } };
      };
      const room = subscribeTo(client, channel, { pass: "word" });
      await room.sees("unsubscribed", { code: 2000, reason: "server unsubscribe" });
      expect(room.events).toMatchObject([
        ["subscribing", {}],
        ["subscribed", { data: { first: 1 } }],
        ["publication", { data: { n: 1 }, tags: { a: "b" } }],
        ["publication", { data: { n: 2 } }],
        ["unsubscribed", { code: 2000 }],
      ]);
      expect(seen).toEqual([
        expect.objectContaining({ channel, user: "42", data: { pass: "word" }, meta: { n: 1 } }),
      ]);
    });

    test.each<[string, Stream, string, object]>([
      [
        "deny()",
        async function* () {
          yield deny("no such stream", { code: 404 });
        },
        "unsubscribed",
        { code: 404, reason: "no such stream" },
      ],
      ["no value at all", async function* () {}, "unsubscribed", { code: 403, reason: "permission denied" }],
      [
        "nothing",
        async function* () {
          yield undefined;
        },
        "unsubscribed",
        { code: 403, reason: "permission denied" },
      ],
      [
        "an accident",
        // biome-ignore lint/correctness/useYield: the generator fails before its decision
        async function* () {
          throw new Error("detail");
        },
        "error",
        { error: failure },
      ],
      [
        "a handler that hangs for longer than a second",
        // biome-ignore lint/correctness/useYield: the generator never decides
        async function* (_request, { signal }) {
          await delay(60_000, undefined, { signal });
        },
        "error",
        { error: failure },
      ],
    ])("a client sees its refusal by %s", async (_how, handler, event, context) => {
      on = handler;
      await subscribeTo(client, channel).sees(event, context);
    });

    test("a client sees its refusal by disconnect()", async () => {
      on = async function* () {
        yield disconnect(4501, "banned");
      };
      subscribeTo(client, channel);
      await client.sees("disconnected", { code: 4501, reason: "banned" });
    });

    test("a client whose stream fails subscribes again", async () => {
      let streams = 0;
      on = async function* (_request, { signal }) {
        streams++;
        yield { data: streams };
        if (streams === 1) throw new Error("detail");
        await delay(60_000, undefined, { signal });
      };
      const room = subscribeTo(client, channel);
      await room.sees("subscribing", { code: 2500 });
      await room.sees("subscribed", { data: 2 });
      expect(errors).toEqual(["Error: detail"]);
    });

    test.each<[string, (room: ReturnType<typeof subscribeTo>) => unknown]>([
      ["unsubscribes", (room) => room.of.unsubscribe()],
      ["disconnects", () => client.of.disconnect()],
      [
        "is unsubscribed over the API",
        async () => {
          await using cent = createClient({ url: server.httpUrl, apiKey: "api_key", transport: "http" });
          await cent.unsubscribe({ channel, user: "42" });
        },
      ],
    ])("finally runs when the client %s, and onError hears nothing", async (_how, leave) => {
      const ended = Promise.withResolvers<boolean>();
      on = async function* (_request, { signal }) {
        try {
          yield {};
          await delay(60_000, undefined, { signal });
        } finally {
          ended.resolve(signal.aborted);
        }
      };
      const room = subscribeTo(client, channel);
      await room.sees("subscribed");
      await leave(room);
      expect(await ended.promise).toBe(true);
      await delay(20);
      expect(errors).toEqual([]);
    });

    if (namespace === "chat")
      test("the client's own publications come in, until it leaves", async () => {
        const ended = Promise.withResolvers<string>();
        on = async function* (_request, { publications }) {
          yield {};
          for await (const { data } of publications) yield { data: { echo: data } };
          ended.resolve("the loop ended");
        };
        const room = subscribeTo(client, channel);
        await room.sees("subscribed");
        await room.of.publish({ n: 1 });
        await room.sees("publication", { data: { echo: { n: 1 } } });
        await room.of.publish("ü");
        await room.sees("publication", { data: { echo: "ü" } });
        room.of.unsubscribe();
        expect(await ended.promise).toBe("the loop ended");
        expect(errors).toEqual([]);
      });

    if (namespace === "ticks")
      test("a client cannot publish to a stream of one direction", async () => {
        on = async function* (_request, { signal }) {
          yield {};
          await delay(60_000, undefined, { signal });
        };
        const room = subscribeTo(client, channel);
        await room.sees("subscribed");
        await expect(room.of.publish({ n: 1 })).rejects.toMatchObject({ code: 108 });
      });
  },
);
