import { describe, expect, test } from "vitest";
import { resultOf } from "../harness/result-of.ts";
import { setUp } from "./map-set-up.ts";

describe("publishing", () => {
  test("mapPublish counts offsets in modes with a stream, and not in ephemeral mode", async () => {
    const { client } = setUp();
    for (const namespace of ["re", "pe"]) {
      expect(await client.mapPublish({ channel: `${namespace}:m`, key: "k", data: 1 })).toMatchObject({
        offset: 1,
      });
      expect(await client.mapPublish({ channel: `${namespace}:m`, key: "k", data: 2 })).toMatchObject({
        offset: 2,
      });
    }
    const { offset, epoch } = await client.mapPublish({ channel: "ep:m", key: "k", data: 1 });
    expect(offset).toBe(0);
    expect(epoch).toMatch(/^[a-zA-Z]{8}$/);
  });

  test("mapPublish replaces the whole entry", async () => {
    const { client } = setUp();
    await client.mapPublish({ channel: "pe:m", key: "k", data: 1, tags: { a: "1" } });
    await client.mapPublish({ channel: "pe:m", key: "k" });
    const { entries } = await client.mapReadState({ channel: "pe:m", key: "k" });
    expect(entries).toMatchObject([{ key: "k", offset: 2, tags: {} }]);
    expect(entries[0]).not.toHaveProperty("data");
  });

  test("keyMode takes only new or only existing keys, and mapPublish refuses other modes", async () => {
    const { client } = setUp();
    const publish = (key: string, keyMode: string) =>
      client.mapPublish({ channel: "pe:m", key, data: 1, keyMode });
    expect(await publish("k", "if_exists")).toMatchObject({ suppressReason: "key_not_found", offset: 0 });
    expect(await publish("k", "if_new")).toMatchObject({ suppressed: false, offset: 1 });
    expect(await publish("k", "if_new")).toMatchObject({ suppressReason: "key_exists", offset: 1 });
    expect(await publish("k", "if_exists")).toMatchObject({ suppressed: false, offset: 2 });
    await expect(publish("k", "replace")).rejects.toMatchObject({ code: 107 });
  });

  test("a key keeps its version through publications without one, until it is removed", async () => {
    const { client } = setUp();
    const publish = async (version: number, versionEpoch = "") => {
      const result = await client.mapPublish({ channel: "pe:m", key: "k", data: 1, version, versionEpoch });
      return result.suppressReason;
    };
    expect(await publish(5, "a")).toBe("");
    expect(await publish(5)).toBe("version");
    expect(await publish(0)).toBe("");
    expect(await publish(5, "a")).toBe("version");
    expect(await publish(1, "b")).toBe("");
    await client.mapRemove({ channel: "pe:m", key: "k" });
    expect(await publish(1, "b")).toBe("");
    await expect(client.mapPublish({ channel: "ep:m", key: "k", version: 1 })).rejects.toMatchObject({
      code: 100,
    });
  });

  test("mapPublish checks idempotency, then the version, then the key mode", async () => {
    const { client } = setUp();
    const request = {
      channel: "pe:m",
      key: "k",
      data: 1,
      version: 1,
      keyMode: "if_new",
      idempotencyKey: "i",
    };
    await client.mapPublish(request);
    expect(await client.mapPublish(request)).toMatchObject({ suppressReason: "idempotency" });
    expect(await client.mapPublish({ ...request, idempotencyKey: "" })).toMatchObject({
      suppressReason: "version",
    });
    expect(await client.mapPublish({ ...request, idempotencyKey: "", version: 2 })).toMatchObject({
      suppressReason: "key_exists",
    });
  });

  test("mapPublish and mapRemove share idempotency keys, which last 300 seconds or until mapClear", async () => {
    const { client, clock } = setUp();
    await client.mapPublish({ channel: "pe:m", key: "k", data: 1, idempotencyKey: "i" });
    const remove = () => client.mapRemove({ channel: "pe:m", key: "k", idempotencyKey: "i" });
    expect(await remove()).toMatchObject({ offset: 1, suppressReason: "idempotency" });
    clock.advance(300_000);
    expect(await remove()).toMatchObject({ offset: 2, suppressed: false });
    await client.mapClear({ channel: "pe:m" });
    expect(await remove()).toMatchObject({ suppressReason: "key_not_found" });
  });

  test("contradictory options of a map are internal errors, except in mapReadStream", async () => {
    const { client } = setUp();
    for (const channel of ["late:m", "later:m"]) {
      await expect(client.mapPublish({ channel, key: "k", data: 1 })).rejects.toMatchObject({ code: 100 });
      await expect(client.mapRemove({ channel, key: "k" })).rejects.toMatchObject({ code: 100 });
      await expect(client.mapReadState({ channel })).rejects.toMatchObject({ code: 100 });
      await expect(client.mapReadStream({ channel })).resolves.toMatchObject({ offset: 0 });
    }
  });
});

describe("removing", () => {
  test("mapRemove adds the removal to the stream, with its tags and no data", async () => {
    const { client } = setUp();
    await client.mapPublish({ channel: "pe:m", key: "k", data: 1, tags: { t: "1" } });
    expect(await client.mapRemove({ channel: "pe:m", key: "k" })).toMatchObject({
      offset: 2,
      suppressed: false,
    });
    const { entries } = await client.mapReadStream({ channel: "pe:m", limit: -1 });
    expect(entries[1]).toMatchObject({ key: "k", removed: true, tags: { t: "1" }, offset: 2 });
    expect(entries[1]).not.toHaveProperty("data");
  });

  test("mapRemove of a missing key is suppressed, and has no epoch in an unused map", async () => {
    const { client } = setUp();
    expect(await client.mapRemove({ channel: "pe:m", key: "k" })).toEqual(
      resultOf("mapRemove", {
        offset: 0,
        epoch: "",
        suppressed: true,
        suppressReason: "key_not_found",
      }),
    );
    await client.mapPublish({ channel: "pe:m", key: "a", data: 1 });
    expect(await client.mapRemove({ channel: "pe:m", key: "k" })).toMatchObject({
      offset: 1,
      suppressed: true,
    });
  });
});

describe("reading the state", () => {
  test("mapReadState goes page by page, in the order of the keys' bytes", async () => {
    const { client } = setUp();
    const keys = ["b", "a", "\uffee", "😀", "é"];
    for (const key of keys) await client.mapPublish({ channel: "pe:m", key, data: key });
    const read: string[] = [];
    let cursor = "";
    do {
      const page = await client.mapReadState({ channel: "pe:m", limit: 2, cursor });
      read.push(...page.entries.map((entry) => entry.key));
      cursor = page.cursor;
    } while (cursor !== "");
    expect(read).toEqual(["a", "b", "é", "\uffee", "😀"]);
  });

  test("mapReadState takes a cursor that is no key, and its `key` overrides limit and cursor", async () => {
    const { client } = setUp();
    for (const key of ["a", "c"]) await client.mapPublish({ channel: "pe:m", key, data: 1 });
    const keysOf = async (request: object) =>
      (await client.mapReadState({ channel: "pe:m", ...request })).entries.map((entry) => entry.key);
    expect(await keysOf({ limit: -1, cursor: "b" })).toEqual(["c"]);
    expect(await keysOf({ limit: 0 })).toEqual([]);
    expect(await keysOf({ key: "a", limit: 0, cursor: "zzz" })).toEqual(["a"]);
    expect(await keysOf({ key: "b", limit: 5 })).toEqual([]);
  });

  test("mapReadState of a revision checks its epoch, and not its offset", async () => {
    const { client } = setUp();
    const { epoch } = await client.mapPublish({ channel: "pe:m", key: "k", data: 1 });
    const read = (request: object) => client.mapReadState({ channel: "pe:m", limit: 1, ...request });
    await expect(read({ revisionOffset: 99, revisionEpoch: epoch })).resolves.toMatchObject({ offset: 1 });
    await expect(read({ revisionOffset: 1 })).rejects.toMatchObject({ code: 112 });
    await expect(read({ revisionEpoch: "other" })).rejects.toMatchObject({ code: 112 });
    await expect(client.mapReadState({ channel: "pe:new", revisionOffset: 1 })).resolves.toMatchObject({
      offset: 0,
    });
    const newWithEpoch = client.mapReadState({ channel: "pe:other", revisionEpoch: "other" });
    await expect(newWithEpoch).rejects.toMatchObject({ code: 112 });
  });
});

describe("reading the stream", () => {
  const read = async (request: object) => {
    const { client } = setUp();
    // The stream keeps four of six entries: 3 to 6.
    for (let item = 1; item <= 6; item++) await client.mapPublish({ channel: "re:m", key: "k", data: item });
    const { entries } = await client.mapReadStream({ channel: "re:m", limit: -1, ...request });
    return entries.map((entry) => entry.offset);
  };

  test.each([
    ["all", {}, [3, 4, 5, 6]],
    ["limit 0", { limit: 0 }, []],
    ["since 2", { sinceOffset: 2 }, [3, 4, 5, 6]],
    ["since the top", { sinceOffset: 6 }, []],
    ["since beyond the top", { sinceOffset: 9 }, []],
    ["in reverse", { reverse: true, limit: 2 }, [6, 5]],
    ["before 5", { reverse: true, sinceOffset: 5 }, [4, 3]],
    ["before 3, where 2 was trimmed", { reverse: true, sinceOffset: 3 }, []],
  ] as const)("mapReadStream (%s) returns the expected offsets", async (_, request, offsets) => {
    expect(await read(request)).toEqual(offsets);
  });

  test("mapReadStream across a gap is unrecoverable, unlike history, and so is another epoch", async () => {
    await expect(read({ sinceOffset: 1 })).rejects.toMatchObject({ code: 112 });
    // The server adds 1, which wraps to 0: all entries before the first that is kept are missing.
    await expect(read({ sinceOffset: 2n ** 64n - 1n })).rejects.toMatchObject({ code: 112 });
    await expect(read({ sinceOffset: 3, sinceEpoch: "other" })).rejects.toMatchObject({ code: 112 });
  });

  test("mapReadStream of an unused map begins its epoch, whatever epoch was asked for", async () => {
    const { client } = setUp();
    const { epoch } = await client.mapReadStream({ channel: "pe:m", sinceEpoch: "other" });
    expect(await client.mapPublish({ channel: "pe:m", key: "k", data: 1 })).toMatchObject({
      offset: 1,
      epoch,
    });
  });
});

test("mapClear begins a new epoch, and mapStats begins none", async () => {
  const { client } = setUp();
  const before = await client.mapPublish({ channel: "pe:m", key: "k", data: 1 });
  await client.mapClear({ channel: "pe:m" });
  expect(await client.mapStats({ channel: "pe:m" })).toEqual(resultOf("mapStats", { numKeys: 0 }));
  expect(await client.mapRemove({ channel: "pe:m", key: "k" })).toMatchObject({ epoch: "" });
  const after = await client.mapPublish({ channel: "pe:m", key: "k", data: 1 });
  expect(after.offset).toBe(1);
  expect(after.epoch).not.toBe(before.epoch);
});

test("a method on a namespace of another type is a bad request, except in broadcast", async () => {
  const { client } = setUp();
  const bad = { code: 107 };
  await expect(client.mapPublish({ channel: "plain", key: "k", data: 1 })).rejects.toMatchObject(bad);
  await expect(client.publish({ channel: "pe:m", data: 1 })).rejects.toMatchObject(bad);
  await expect(client.mapStats({ channel: "poll:p" })).rejects.toMatchObject(bad);
  await expect(client.sharedPollPublish({ channel: "pe:m", key: "k", version: 1 })).rejects.toMatchObject(
    bad,
  );
  await expect(
    client.sharedPollPublish({ channel: "poll:p", key: "k", version: 1, data: 1 }),
  ).resolves.toEqual(resultOf("sharedPollPublish"));
  const { responses } = await client.broadcast({ channels: ["pe:m"], data: 1 });
  expect(responses).toEqual([{ ok: true, result: resultOf("publish", { offset: 0, epoch: "" }) }]);
});
