import { expect, test } from "vitest";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

function setUp() {
  const ended: string[] = [];
  const proxy = createProxy({
    secret: "secret",
    onError: () => {},
    subscribeUnidirectional: {
      "ticks:*": async function* ({ user, channel }, { signal }) {
        if (channel === "ticks:no") return yield deny("closed", { temporary: true });
        if (channel === "ticks:out") return yield disconnect(4500, "out");
        if (channel === "ticks:old") {
          try {
            yield { expireAt: 1 };
          } finally {
            ended.push(channel);
          }
        }
        yield { data: { hello: user } };
        yield { data: 1, tags: { a: "b" } };
        if (channel === "ticks:over") return;
        if (channel === "ticks:broken") throw new Error("of the feed");
        try {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        } finally {
          ended.push(channel);
        }
      },
    },
    subscribeBidirectional: {
      "echo:*": async function* (_request, { publications }) {
        yield {};
        for await (const { data } of publications) yield { data: { echo: data } };
      },
    },
  });
  return { ended, ...createTestClient({ proxy }) };
}

test("a stream sends its publications to the one client, until that leaves", async () => {
  const { client, server, ended } = setUp();
  const [ann, bob] = [await server.connect({ user: "ann" }), await server.connect({ user: "bob" })];
  expect(await ann.subscribe("ticks:1")).toEqual({ data: { hello: "ann" } });
  expect(await ann.next("publication")).toMatchObject({
    channel: "ticks:1",
    data: 1,
    tags: { a: "b" },
    offset: 0,
  });
  expect(bob.received).toEqual([]);
  await client.publish({ channel: "ticks:1", data: "of the API" });
  expect(await ann.next("publication")).toMatchObject({ data: "of the API" });
  await expect(ann.publish("ticks:1", 1)).rejects.toMatchObject({ code: 108 });
  ann.unsubscribe("ticks:1");
  await expect.poll(() => ended).toEqual(["ticks:1"]);
  await bob.subscribe("ticks:2");
  await bob.next("publication");
  await client.disconnect({ user: "bob" });
  await expect.poll(() => ended).toEqual(["ticks:1", "ticks:2"]);
});

test("a stream's end and its failure unsubscribe the client, each with its code", async () => {
  const { server } = setUp();
  const ann = await server.connect({ user: "ann" });
  await ann.subscribe("ticks:over");
  expect(await ann.next("unsubscribe")).toMatchObject({ code: 2000, reason: "server unsubscribe" });
  await ann.subscribe("ticks:broken");
  expect(await ann.next("unsubscribe")).toMatchObject({ code: 2500, reason: "insufficient state" });
  expect(ann.channels).toEqual([]);
});

test("a stream's refusal reaches the client, and is never temporary", async () => {
  const { server } = setUp();
  const ann = await server.connect({ user: "ann" });
  await expect(ann.subscribe("ticks:no")).rejects.toMatchObject({ message: "closed", temporary: false });
  await expect(ann.subscribe("ticks:out")).rejects.toMatchObject({ kind: "disconnect", code: 4500 });
  expect(ann.disconnected).toEqual({ code: 4500, reason: "out" });
});

test("a stream in both directions gets what the client publishes", async () => {
  const { server } = setUp();
  const ann = await server.connect({ user: "ann" });
  await expect(ann.publish("echo:1", "a")).rejects.toMatchObject({ code: 108 });
  await ann.subscribe("echo:1");
  await ann.publish("echo:1", "a");
  expect(await ann.next("publication")).toMatchObject({ data: { echo: "a" } });
});

test("a stream ends when its decision has expired, and when the API subscribes its client", async () => {
  const { client, server, ended } = setUp();
  const ann = await server.connect({ user: "ann" });
  await expect(ann.subscribe("ticks:old")).rejects.toMatchObject({ code: 110 });
  await expect.poll(() => ended).toEqual(["ticks:old"]);
  await ann.subscribe("ticks:1");
  await ann.next("publication");
  await client.subscribe({ user: "ann", channel: "ticks:1" });
  await expect.poll(() => ended).toEqual(["ticks:old", "ticks:1"]);
  expect(ann.channels).toEqual(["ticks:1"]);
});
