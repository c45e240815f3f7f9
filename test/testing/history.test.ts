import { describe, expect, test } from "vitest";
import type { CentrifugoConfig } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { FakeClock } from "../harness/fake-clock.ts";
import { messageOf, resultOf } from "../harness/result-of.ts";

const config: CentrifugoConfig = {
  channel: {
    without_namespace: { history_size: 5, history_ttl: "60s", history_meta_ttl: "600s" },
    namespaces: [{ name: "plain" }],
  },
};

function setUp() {
  const clock = new FakeClock();
  return { clock, ...createTestClient({ config, clock }) };
}

async function setUpSeven() {
  const test = setUp();
  for (let item = 1; item <= 7; item++) await test.client.publish({ channel: "h", data: item });
  return test;
}

describe("positions", () => {
  // The stream holds the offsets 3 to 7.
  const cases: [query: string, request: object, offsets: number[]][] = [
    ["no limit", {}, []],
    ["limit 0", { limit: 0 }, []],
    ["limit 2", { limit: 2 }, [3, 4]],
    ["limit -1", { limit: -1 }, [3, 4, 5, 6, 7]],
    ["limit -7", { limit: -7 }, [3, 4, 5, 6, 7]],
    ["limit 2 in reverse", { limit: 2, reverse: true }, [7, 6]],
    ["since 5", { limit: -1, since: { offset: 5 } }, [6, 7]],
    ["since {}", { limit: -1, since: {} }, [3, 4, 5, 6, 7]],
    ["since 1, where 2 was trimmed", { limit: -1, since: { offset: 1 } }, [3, 4, 5, 6, 7]],
    ["since the top", { limit: -1, since: { offset: 7 } }, []],
    ["since beyond the top", { limit: -1, since: { offset: 9 } }, []],
    ["since 2^64 - 1, which wraps", { limit: -1, since: { offset: 2n ** 64n - 1n } }, [3, 4, 5, 6, 7]],
    ["before 7", { limit: -1, reverse: true, since: { offset: 7 } }, [6, 5, 4, 3]],
    ["before the top + 1", { limit: -1, reverse: true, since: { offset: 8 } }, [7, 6, 5, 4, 3]],
    ["before the top + 2", { limit: -1, reverse: true, since: { offset: 9 } }, []],
    ["before 3, where 2 was trimmed", { limit: -1, reverse: true, since: { offset: 3 } }, []],
  ];
  test.each(cases)("history (%s) returns the expected offsets", async (_, request, offsets) => {
    const { client } = await setUpSeven();
    const { publications, offset } = await client.history({ channel: "h", ...request });
    expect(publications.map((publication) => publication.offset)).toEqual(offsets);
    expect(offset).toBe(7);
  });

  test("history before offset 0 is an internal error", async () => {
    const { client } = await setUpSeven();
    const history = client.history({ channel: "h", limit: 1, reverse: true, since: { offset: 0 } });
    await expect(history).rejects.toMatchObject({ code: 100 });
  });

  test("history since another epoch is unrecoverable, at any limit, even of an unused channel", async () => {
    const { client } = await setUpSeven();
    for (const channel of ["h", "unused"]) {
      const history = client.history({ channel, since: { offset: 0, epoch: "other" } });
      await expect(history).rejects.toMatchObject({ code: 112 });
    }
  });

  test("history of an unused channel begins its epoch", async () => {
    const { client } = setUp();
    const { offset, epoch } = await client.history({ channel: "h" });
    expect(offset).toBe(0);
    expect(await client.publish({ channel: "h", data: 1 })).toEqual(
      resultOf("publish", { offset: 1, epoch }),
    );
  });
});

describe("time", () => {
  test("history_ttl runs from the last publication; the position stays", async () => {
    const { client, clock } = setUp();
    const { epoch } = await client.publish({ channel: "h", data: 1 });
    clock.advance(50_000);
    await client.publish({ channel: "h", data: 2 });
    clock.advance(59_999);
    expect((await client.history({ channel: "h", limit: -1 })).publications).toHaveLength(2);
    clock.advance(1);
    expect(await client.history({ channel: "h", limit: -1 })).toEqual(
      resultOf("history", { publications: [], offset: 2, epoch }),
    );
    expect(await client.publish({ channel: "h", data: 3 })).toEqual(
      resultOf("publish", { offset: 3, epoch }),
    );
  });

  test("history_meta_ttl runs from the last use, reading included; then a new epoch begins", async () => {
    const { client, clock } = setUp();
    const { epoch } = await client.publish({ channel: "h", data: 1 });
    clock.advance(599_999);
    expect((await client.history({ channel: "h" })).epoch).toBe(epoch);
    clock.advance(599_999);
    expect((await client.history({ channel: "h" })).epoch).toBe(epoch);
    clock.advance(600_000);
    const position = await client.publish({ channel: "h", data: 1 });
    expect(position.offset).toBe(1);
    expect(position.epoch).not.toBe(epoch);
  });

  test("history_remove keeps the position", async () => {
    const { client } = await setUpSeven();
    await client.historyRemove({ channel: "h" });
    expect(await client.history({ channel: "h", limit: -1 })).toMatchObject({ publications: [], offset: 7 });
    expect(await client.publish({ channel: "h", data: 8 })).toMatchObject({ offset: 8 });
    await expect(client.historyRemove({ channel: "unused" })).resolves.toEqual(resultOf("historyRemove"));
  });
});

describe("idempotency keys", () => {
  test("an idempotency key holds for 300 seconds from the first success, whatever is published under it", async () => {
    const { client, clock } = setUp();
    const first = await client.publish({ channel: "h", data: 1, idempotencyKey: "k" });
    clock.advance(299_999);
    expect(await client.publish({ channel: "h", data: 2, idempotencyKey: "k" })).toEqual(first);
    clock.advance(1);
    expect(await client.publish({ channel: "h", data: 2, idempotencyKey: "k" })).toMatchObject({ offset: 2 });
  });

  test("an idempotency key survives history_remove, and holds for broadcast, too", async () => {
    const { client } = setUp();
    const first = await client.publish({ channel: "h", data: 1, idempotencyKey: "k" });
    await client.historyRemove({ channel: "h" });
    const { responses } = await client.broadcast({ channels: ["h", "i"], data: 1, idempotencyKey: "k" });
    expect(responses[0]).toEqual({ ok: true, result: first });
    expect(responses[1]).toMatchObject({ ok: true, result: { offset: 1 } });
  });

  test("an idempotency key drops duplicates without history, too", async () => {
    const { client, server } = setUp();
    const receiver = server.connect({ channels: ["plain:x"] });
    for (const data of [1, 2]) await client.publish({ channel: "plain:x", data, idempotencyKey: "k" });
    expect(receiver.received).toMatchObject([{ data: 1 }]);
  });

  test("idempotency keys clash if channel and key join to the same text, as in Centrifugo", async () => {
    const { client } = setUp();
    const first = await client.publish({ channel: "a_b", data: 1, idempotencyKey: "c" });
    expect(await client.publish({ channel: "a", data: 2, idempotencyKey: "b_c" })).toEqual(first);
    expect((await client.history({ channel: "a", limit: -1 })).publications).toEqual([]);
  });
});

describe("versions", () => {
  const publish = async (steps: [version: number | bigint, versionEpoch: string, isStored: boolean][]) => {
    const { client } = setUp();
    let top = 0;
    for (const [version, versionEpoch, isStored] of steps) {
      top += Number(isStored);
      expect(await client.publish({ channel: "v", data: 1, version, versionEpoch })).toMatchObject({
        offset: top,
      });
    }
  };

  test("a version that is not above the last one is dropped, and answered with the top offset", () =>
    publish([
      [5, "", true],
      [5, "", false],
      [4, "", false],
      [6, "", true],
    ]));

  test("a version of another epoch passes, even if smaller, and an empty epoch equals every epoch", () =>
    publish([
      [5, "a", true],
      [1, "b", true],
      [1, "", false],
      [2, "", true],
    ]));

  test("a publication without a version resets the channel's version", () =>
    publish([
      [2n ** 64n - 1n, "a", true],
      [0, "", true],
      [1, "a", true],
    ]));

  test("a dropped publication is not delivered, but renews history_ttl", async () => {
    const { client, server, clock } = setUp();
    const receiver = server.connect({ channels: ["v"] });
    await client.publish({ channel: "v", data: 1, version: 5 });
    clock.advance(50_000);
    await client.publish({ channel: "v", data: 2, version: 5 });
    clock.advance(50_000);
    expect((await client.history({ channel: "v", limit: -1 })).publications).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
  });

  test("versions mean nothing without history", async () => {
    const { client, server } = setUp();
    const receiver = server.connect({ channels: ["plain:x"] });
    for (const version of [5, 4]) await client.publish({ channel: "plain:x", data: version, version });
    expect(receiver.received).toHaveLength(2);
  });
});

test("a broadcast publishes the last copy of a repeated channel first", async () => {
  const { client } = setUp();
  const { responses } = await client.broadcast({ channels: ["d", "d", "d"], data: 1 });
  expect(responses.map((response) => response.ok && response.result.offset)).toEqual([2, 3, 1]);
});

test("a publication of a connected client carries its info", async () => {
  const { client, server } = setUp();
  const publisher = server.connect({ user: "7", client: "c", info: { name: "Ann" } });
  publisher.publish("h", { hi: 1 });
  const { publications } = await client.history({ channel: "h", limit: 1 });
  expect(publications).toEqual([
    messageOf("Publication", {
      ...{ data: { hi: 1 }, offset: 1, tags: {} },
      info: { user: "7", client: "c", connInfo: { name: "Ann" } },
    }),
  ]);
});
