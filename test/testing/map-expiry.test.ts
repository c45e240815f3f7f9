import { expect, test } from "vitest";
import { resultOf } from "../harness/result-of.ts";
import { setUp } from "./map-set-up.ts";

test("an entry expires after key_ttl, and the stream and the subscribers get its removal", async () => {
  const { client, server, clock } = setUp();
  const receiver = server.connect({ channels: ["re:m"] });
  await client.mapPublish({ channel: "re:m", key: "k", data: 1, tags: { t: "1" } });
  clock.advance(29_999);
  expect(await client.mapStats({ channel: "re:m" })).toEqual(resultOf("mapStats", { numKeys: 1 }));
  clock.advance(1);
  expect(await client.mapStats({ channel: "re:m" })).toEqual(resultOf("mapStats", { numKeys: 0 }));
  const { entries, offset } = await client.mapReadStream({ channel: "re:m", limit: -1 });
  expect(offset).toBe(2);
  expect(entries[1]).toMatchObject({ key: "k", removed: true, tags: { t: "1" }, time: clock.now() });
  expect(receiver.received.at(-1)).toMatchObject({
    type: "publication",
    key: "k",
    removed: true,
    offset: 2,
  });
});

test("a write renews key_ttl, and an expired ephemeral entry leaves no trace", async () => {
  const { client, clock } = setUp();
  await client.mapPublish({ channel: "ep:m", key: "k", data: 1 });
  clock.advance(4000);
  await client.mapPublish({ channel: "ep:m", key: "k", data: 2 });
  clock.advance(4000);
  expect(await client.mapStats({ channel: "ep:m" })).toEqual(resultOf("mapStats", { numKeys: 1 }));
  clock.advance(1000);
  expect(await client.mapStats({ channel: "ep:m" })).toEqual(resultOf("mapStats", { numKeys: 0 }));
  expect(await client.mapReadStream({ channel: "ep:m", limit: -1 })).toMatchObject({
    entries: [],
    offset: 0,
  });
});

test("a map's stream empties a minute after the last change, and state, offset and epoch stay", async () => {
  const { client, clock } = setUp();
  const { epoch } = await client.mapPublish({ channel: "pe:m", key: "k", data: 1 });
  clock.advance(60_000);
  const stream = await client.mapReadStream({
    channel: "pe:m",
    limit: -1,
    sinceOffset: 0,
    sinceEpoch: epoch,
  });
  expect(stream).toEqual(resultOf("mapReadStream", { entries: [], offset: 1, epoch }));
  expect(await client.mapStats({ channel: "pe:m" })).toEqual(resultOf("mapStats", { numKeys: 1 }));
});

test("an expiry before the stream empties leaves with it, and a later expiry stays in it", async () => {
  const { client, clock } = setUp();
  await client.mapPublish({ channel: "re:m", key: "k", data: 1 });
  await client.mapPublish({ channel: "long:m", key: "k", data: 1 });
  clock.advance(400_000);
  expect(await client.mapReadStream({ channel: "re:m", limit: -1 })).toMatchObject({
    entries: [],
    offset: 2,
  });
  const { entries } = await client.mapReadStream({ channel: "long:m", limit: -1 });
  expect(entries).toMatchObject([{ removed: true, offset: 2 }]);
});

test("a recoverable map is forgotten ten stream TTLs after its last use, and a persistent map never", async () => {
  const { client, clock } = setUp();
  const recoverable = await client.mapPublish({ channel: "re:m", key: "k", data: 1 });
  const persistent = await client.mapPublish({ channel: "pe:m", key: "k", data: 1 });
  clock.advance(599_999);
  expect((await client.mapReadState({ channel: "re:m" })).epoch).toBe(recoverable.epoch);
  clock.advance(600_000);
  expect((await client.mapReadState({ channel: "re:m" })).epoch).not.toBe(recoverable.epoch);
  clock.advance(3_600_000_000);
  expect((await client.mapReadState({ channel: "pe:m" })).epoch).toBe(persistent.epoch);
});
