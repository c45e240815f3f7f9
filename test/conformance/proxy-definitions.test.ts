import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineChannels, defineMethods } from "../../src/channels/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import type { ProxiedCentrifugo } from "./proxied-centrifugo.ts";
import { obstacle, startProxied, titleOf } from "./proxied-centrifugo.ts";
import { transports } from "./servers.ts";
import { connectTo, subscribeTo } from "./watched-client.ts";

describe.skipIf(obstacle !== "").each(transports)(
  titleOf("the data of clients and a real Centrifugo over %s"),
  (transport) => {
    let server: ProxiedCentrifugo;
    let client: ReturnType<typeof connectTo>;
    const seen: unknown[] = [];
    const errors: string[] = [];
    const data = z.object({ text: z.string().transform((text) => text.length) });
    const proxy = createProxy({
      secret: "the-secret",
      onError: (error) => errors.push(String(error)),
      channels: defineChannels({ "chat:*": { data } }),
      methods: defineMethods({ "chat:*": { data } }),
      connect: () => ({ user: "42" }),
      subscribe: { "chat:*": () => ({}) },
      publish: {
        "chat:*": (request) => {
          seen.push(request.data.text);
          return {};
        },
      },
      rpc: { "chat:*": (request) => ({ data: request.data.text }) },
    });

    beforeAll(async () => {
      server = await startProxied(proxy, transport, { chat: {} });
    });
    afterAll(() => server?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      client = connectTo(server.webSocketUrl);
      await client.sees("connected");
    });
    afterEach(() => client.of.disconnect());

    test("bad data is error 107, and good data is published as the client sent it", async () => {
      const room = subscribeTo(client, "chat:room");
      await room.sees("subscribed");
      const refusal = { code: 107, message: "bad request" };
      await expect(client.of.publish("chat:room", { text: 5 })).rejects.toMatchObject(refusal);
      await expect(client.of.rpc("chat:length", { text: 5 })).rejects.toMatchObject(refusal);
      expect(errors).toEqual([
        expect.stringContaining("publish: data.text: Invalid input"),
        expect.stringContaining("rpc: data.text: Invalid input"),
      ]);
      await client.of.publish("chat:room", { text: "four" });
      await room.sees("publication", { data: { text: "four" } });
      expect(seen).toEqual([4]);
      expect(await client.of.rpc("chat:length", { text: "four" })).toEqual({ data: 4 });
    });
  },
);
