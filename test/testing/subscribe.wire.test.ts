import { expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import { messageOf, resultOf } from "../harness/result-of.ts";
import { setUp } from "./session-set-up.ts";

test("subscribe and unsubscribe act on the connections of a user, or one of them", async () => {
  const { client, server } = setUp();
  const first = server.connect({ user: "u", client: "c1" });
  const second = server.connect({ user: "u" });
  const other = server.connect({ user: "v" });
  await client.subscribe({ user: "u", channel: "a", client: "c1", data: { d: 1 }, info: { i: 1 } });
  expect(first.received).toEqual([
    {
      type: "subscribe",
      channel: "a",
      data: { d: 1 },
      positioned: false,
      recoverable: false,
      offset: 0,
      epoch: "",
    },
  ]);
  await client.subscribe({ user: "u", channel: "a", session: second.session });
  expect([first, second, other].map(({ channels }) => channels)).toEqual([["a"], ["a"], []]);
  expect((await client.presence({ channel: "a" })).presence.c1).toEqual(
    messageOf("ClientInfo", {
      user: "u",
      client: "c1",
      chanInfo: { i: 1 },
    }),
  );
  await client.unsubscribe({ user: "u", channel: "a" });
  expect(await second.next("unsubscribe")).toEqual({
    type: "unsubscribe",
    channel: "a",
    code: 2000,
    reason: "server unsubscribe",
  });
  expect(await client.presence({ channel: "a" })).toEqual(resultOf("presence", { presence: {} }));
});

test("unsubscribe takes the empty user as the anonymous one, and an empty channel as none", async () => {
  await using server = await startTestServer();
  const anonymous = server.connect({ channels: ["a"] });
  const known = server.connect({ user: "u", channels: ["a"] });
  // The client would refuse the empty channel.
  await fetch(`${server.httpUrl}/unsubscribe`, {
    method: "POST",
    headers: { "x-api-key": server.apiKey },
    body: '{"user":"","channel":""}',
  });
  expect(anonymous.received).toMatchObject([{ type: "unsubscribe", channel: "" }]);
  expect(anonymous.channels).toEqual(["a"]);
  expect(known.received).toEqual([]);
});

test("overrides apply to their own subscription only", async () => {
  const { client, server } = setUp();
  server.connect({ user: "u" });
  await client.subscribe({ user: "u", channel: "a", override: { presence: false } });
  expect(await client.presence({ channel: "a" })).toEqual(resultOf("presence", { presence: {} }));
  expect(await client.channels()).toEqual(resultOf("channels", { channels: { a: { numClients: 1 } } }));
});

test("a subscription that recovers begins at recoverSince if nothing is missing, else at the end", async () => {
  const { client, server } = setUp();
  const subscriber = server.connect({ user: "u" });
  for (let item = 0; item < 5; item++) await client.publish({ channel: "kept:a", data: item });
  for (const recoverSince of [{ offset: 3 }, { offset: 1 }, { offset: 3, epoch: "other" }, { offset: 9 }]) {
    await client.subscribe({ user: "u", channel: "kept:a", recoverSince });
  }
  const offsets = subscriber.received.map((push) => push.type === "subscribe" && push.offset);
  expect(offsets).toEqual([3, 5, 5, 5]);
  expect(subscriber.received[0]).toMatchObject({ positioned: true, recoverable: true });
});

test("subscribe with a past expiry is an internal error for a connected user, and ends an earlier subscription", async () => {
  const { client, server } = setUp();
  const expired = { user: "u", channel: "a", expireAt: 5 };
  await expect(client.subscribe(expired)).resolves.toEqual(resultOf("subscribe"));
  server.connect({ user: "u", client: "c", channels: ["a"] });
  await expect(client.subscribe(expired)).rejects.toMatchObject({ code: 100 });
  expect(await client.channels()).toEqual(resultOf("channels", { channels: {} }));
  expect(await client.presenceStats({ channel: "a" })).toMatchObject({ numClients: 1 });
});

test("a subscription ends 25 seconds after its expiry", async () => {
  const { client, server, clock } = setUp();
  const subscriber = server.connect({ user: "u" });
  await client.subscribe({ user: "u", channel: "a", expireAt: clock.now() / 1000 + 10 });
  clock.advance(34_999);
  expect(subscriber.channels).toEqual(["a"]);
  clock.advance(1);
  expect(subscriber.channels).toEqual([]);
  expect(subscriber.received.at(-1)).toMatchObject({ type: "unsubscribe", code: 2501 });
});

test("subscribers get joins and leaves if the namespace pushes them", async () => {
  const { client, server } = setUp();
  const witness = server.connect({ user: "w", client: "w", channels: ["loud:a"] });
  const guest = server.connect({ user: "g", client: "g", channels: ["loud:a"] });
  await client.disconnect({ user: "g" });
  expect(witness.received).toEqual([
    { type: "join", channel: "loud:a", info: { user: "w", client: "w" } },
    { type: "join", channel: "loud:a", info: { user: "g", client: "g" } },
    { type: "leave", channel: "loud:a", info: { user: "g", client: "g" } },
  ]);
  expect(guest.disconnected).toEqual({ code: 3503, reason: "force disconnect" });
});
