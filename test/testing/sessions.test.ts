import { describe, expect, test } from "vitest";
import { resultOf } from "../harness/result-of.ts";
import { setUp } from "./session-set-up.ts";

describe("presence and channels", () => {
  test("presence, presenceStats and channels follow the connected clients", async () => {
    const { client, server } = setUp();
    const ann = server.connect({ user: "ann", client: "c1", channels: ["a", "b"], info: { age: 5 } });
    server.connect({ user: "ann", client: "c2", channels: ["a"] });
    server.connect({ client: "c3", channels: ["a"] });
    expect(await client.presence({ channel: "a" })).toEqual(
      resultOf("presence", {
        presence: {
          c1: { user: "ann", client: "c1", connInfo: { age: 5 } },
          c2: { user: "ann", client: "c2" },
          c3: { user: "", client: "c3" },
        },
      }),
    );
    expect(await client.presenceStats({ channel: "a" })).toEqual(
      resultOf("presenceStats", { numClients: 3, numUsers: 2 }),
    );
    expect(await client.channels()).toEqual(
      resultOf("channels", { channels: { a: { numClients: 3 }, b: { numClients: 1 } } }),
    );
    expect(await client.channels({ pattern: "{b,c}" })).toEqual(
      resultOf("channels", { channels: { b: { numClients: 1 } } }),
    );
    await expect(client.channels({ pattern: "[" })).rejects.toMatchObject({ code: 100 });
    ann.unsubscribe("a");
    ann.disconnect();
    expect(await client.presenceStats({ channel: "a" })).toEqual(
      resultOf("presenceStats", { numClients: 2, numUsers: 2 }),
    );
    expect(await client.channels()).toEqual(resultOf("channels", { channels: { a: { numClients: 2 } } }));
  });

  test("presence is off if its namespace has it off, but channels counts all clients", async () => {
    const { client, server } = setUp();
    server.connect({ channels: ["quiet:a"] });
    await expect(client.presence({ channel: "quiet:a" })).rejects.toMatchObject({ code: 108 });
    expect(await client.channels()).toEqual(
      resultOf("channels", { channels: { "quiet:a": { numClients: 1 } } }),
    );
  });

  test("a client cannot subscribe to a channel whose namespace is not configured", async () => {
    const { client, server } = setUp();
    expect(() => server.connect({ channels: ["a", "other:a"] })).toThrow("unknown channel other:a");
    expect(await client.channels()).toEqual(resultOf("channels", { channels: {} }));
    expect(() => server.connect().subscribe("other:a")).toThrow("its namespace is not configured");
  });

  test("info counts the connected clients every three seconds", async () => {
    const { client, server, clock } = setUp();
    const counts = async () => {
      const [node] = (await client.info()).nodes;
      return [node?.numClients, node?.numUsers, node?.numChannels, node?.numSubs, node?.uptime];
    };
    server.connect({ user: "a", channels: ["x", "y"] });
    server.connect({ user: "a", channels: ["x"] });
    expect(await counts()).toEqual([0, 0, 0, 0, 0]);
    clock.advance(3000);
    expect(await counts()).toEqual([2, 1, 2, 3, 3]);
    const third = server.connect({ user: "b" });
    clock.advance(2999);
    expect(await counts()).toEqual([2, 1, 2, 3, 3]);
    clock.advance(1);
    third.disconnect();
    expect(await counts()).toEqual([3, 2, 2, 3, 6]);
  });
});

describe("publications", () => {
  test("publications reach their subscribers with data, offset and tags", async () => {
    const { client, server } = setUp();
    const subscriber = server.connect({ channels: ["kept:a"] });
    const other = server.connect({ channels: ["b"] });
    const waiting = subscriber.next("publication");
    await client.publish({ channel: "kept:a", data: { n: 1 }, tags: { t: "1" } });
    await client.publish({ channel: "kept:a", data: new Uint8Array([0, 255]), skipHistory: true });
    expect(await waiting).toEqual({
      type: "publication",
      channel: "kept:a",
      data: { n: 1 },
      offset: 1,
      tags: { t: "1" },
    });
    expect(await subscriber.next()).toMatchObject({ data: new Uint8Array([0, 255]), offset: 0 });
    expect(other.received).toEqual([]);
  });

  test("publications of maps carry the key", async () => {
    const { client, server } = setUp();
    const subscriber = server.connect({ channels: ["map:a"] });
    await client.mapPublish({ channel: "map:a", key: "k", data: 1 });
    await client.mapRemove({ channel: "map:a", key: "k" });
    expect(subscriber.received).toMatchObject([
      { key: "k", data: 1, offset: 1 },
      { key: "k", removed: true, offset: 2 },
    ]);
  });
});

describe("waiting", () => {
  test("next() returns each push once, by type or condition, and leaves others unread", async () => {
    const { client, server } = setUp();
    const subscriber = server.connect({ user: "u", channels: ["a"] });
    await client.publish({ channel: "a", data: 1 });
    await client.refresh({ user: "u" });
    await client.publish({ channel: "a", data: 2 });
    expect(await subscriber.next("refresh")).toMatchObject({ expires: false });
    const second = await subscriber.next((push) => push.type === "publication" && push.data === 2);
    expect(second).toMatchObject({ data: 2 });
    expect(await subscriber.next()).toMatchObject({ data: 1 });
    expect(subscriber.received).toHaveLength(3);
  });

  test("next() rejects after its timeout, and names the unread pushes", async () => {
    const { client, server } = setUp();
    const subscriber = server.connect({ channels: ["a"] });
    await client.publish({ channel: "a", data: 1 });
    const waiting = subscriber.next("disconnect", { timeoutMs: 5 });
    await expect(waiting).rejects.toThrow("no disconnect within 5 ms; unread: publication");
  });

  test("next() rejects when the connection ends", async () => {
    const { client, server } = setUp();
    const subscriber = server.connect({ user: "u" });
    const waiting = expect(subscriber.next("publication")).rejects.toThrow("before the connection ended");
    await client.disconnect({ user: "u" });
    await waiting;
    await expect(subscriber.next("publication")).rejects.toThrow("before the connection ended");
    expect(await subscriber.next("disconnect")).toMatchObject({ code: 3503 });
  });
});

describe("disconnect", () => {
  test("disconnect spares the whitelist, and passes its code on", async () => {
    const { client, server } = setUp();
    const [kept, gone] = [server.connect({ user: "u", client: "kept" }), server.connect({ user: "u" })];
    await client.disconnect({ user: "u", whitelist: ["kept"], disconnect: { code: 4000, reason: "bye" } });
    expect(kept.disconnected).toBeUndefined();
    expect(gone.disconnected).toEqual({ code: 4000, reason: "bye" });
    expect(() => gone.publish("a", 1)).toThrow("is disconnected");
  });

  test("disconnect with code 0 ends the connection abnormally", async () => {
    const { client, server } = setUp();
    const gone = server.connect({ user: "u" });
    await client.disconnect({ user: "u", disconnect: {} });
    expect(gone.disconnected).toEqual({ code: 1006, reason: "" });
  });
});

describe("refresh", () => {
  test("refresh sets an expiry, of a year at most, or none", async () => {
    const { client, server, clock } = setUp();
    const connection = server.connect({ user: "u" });
    const now = clock.now() / 1000;
    await client.refresh({ user: "u", expireAt: now + 100 });
    await client.refresh({ user: "u", expireAt: now + 1e9 });
    await client.refresh({ user: "u" });
    expect(connection.received).toEqual([
      { type: "refresh", expires: true, ttl: 100 },
      { type: "refresh", expires: true, ttl: 31_536_000 },
      { type: "refresh", expires: false, ttl: 0 },
    ]);
  });

  test("refresh ends a connection 25 seconds after its expiry, or at once if that is past", async () => {
    const { client, server, clock } = setUp();
    const connection = server.connect({ user: "u", channels: ["a"] });
    await client.refresh({ user: "u", expireAt: clock.now() / 1000 + 10 });
    clock.advance(34_999);
    expect(connection.disconnected).toBeUndefined();
    clock.advance(1);
    expect(connection.disconnected).toEqual({ code: 3005, reason: "connection expired" });
    expect(await client.channels()).toEqual(resultOf("channels", { channels: {} }));
    const [past, expired] = [server.connect({ user: "p" }), server.connect({ user: "e" })];
    await client.refresh({ user: "p", expireAt: clock.now() / 1000 });
    await client.refresh({ user: "e", expired: true });
    expect([past.disconnected?.code, expired.disconnected?.code]).toEqual([3005, 3005]);
  });

  test("refresh changes the info of later subscriptions only if it has an expiry", async () => {
    const { client, server, clock } = setUp();
    const connection = server.connect({ user: "u", client: "c", info: 1 });
    const info = async (channel: string) => {
      connection.subscribe(channel);
      return (await client.presence({ channel })).presence.c?.connInfo;
    };
    await client.refresh({ user: "u", info: 2 });
    expect(await info("a")).toBe(1);
    await client.refresh({ user: "u", info: 2, expireAt: clock.now() / 1000 + 100 });
    expect(await info("b")).toBe(2);
  });
});
