import { describe, expect, test } from "vitest";
import type { HistoryRequest } from "../../../src/index.ts";
import { CentApiResponseError, CentPositionError, paginate } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { rejection } from "../../harness/expected-error.ts";
import { config, offsetsOf, publish, setKeys, setUp } from "./set-up.ts";

describe("the pages of a history", () => {
  test.each([
    [0, [[]]],
    [1, [[1]]],
    [2, [[1, 2]]],
    [3, [[1, 2], [3]]],
    [
      4,
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])("a history of %i publications is read to its end", async (count, pages) => {
    const { client, server } = setUp();
    await publish(client, "chat", count);
    const before = server.calls.length;
    expect(
      await offsetsOf(paginate(client, "history", { channel: "chat", limit: 2 }), "publications"),
    ).toEqual(pages);
    // The top in the page tells the end: no request is made for an empty page.
    expect(server.calls.length - before).toBe(pages.length);
  });

  test.each([
    [0, [[]]],
    [1, [[1]]],
    [3, [[3, 2], [1]]],
    [
      4,
      [
        [4, 3],
        [2, 1],
      ],
    ],
  ])("a history of %i publications is read in reverse to its end", async (count, pages) => {
    const { client } = setUp();
    await publish(client, "chat", count);
    const reading = paginate(client, "history", { channel: "chat", limit: 2, reverse: true });
    expect(await offsetsOf(reading, "publications")).toEqual(pages);
  });

  test("a trimmed history begins at its oldest publication, and ends there in reverse", async () => {
    const { client } = setUp();
    await publish(client, "short:a", 9);
    const request = { channel: "short:a", limit: 3 };
    expect(await offsetsOf(paginate(client, "history", request), "publications")).toEqual([
      [5, 6, 7],
      [8, 9],
    ]);
    const reverse = paginate(client, "history", { ...request, reverse: true });
    expect(await offsetsOf(reverse, "publications")).toEqual([
      [9, 8, 7],
      [6, 5],
    ]);
  });

  test("reading begins after `since`, or before it in reverse", async () => {
    const { client } = setUp();
    await publish(client, "chat", 5);
    const { epoch } = await client.history({ channel: "chat" });
    const offsets = (since: object, reverse: boolean) =>
      offsetsOf(paginate(client, "history", { channel: "chat", limit: 2, since, reverse }), "publications");
    expect(await offsets({ offset: 2, epoch }, false)).toEqual([[3, 4], [5]]);
    expect(await offsets({ offset: 2 }, false)).toEqual([[3, 4], [5]]);
    expect(await offsets({ offset: 4n, epoch }, true)).toEqual([[3, 2], [1]]);
    expect(await offsets({ offset: 5, epoch }, false)).toEqual([[]]);
    expect(await offsets({ offset: 6, epoch }, true)).toEqual([[5, 4], [3, 2], [1]]);
    expect(await offsets({}, false)).toEqual([[1, 2], [3, 4], [5]]);
  });

  test("reading ends at the top that the last page saw, so new publications are read, too", async () => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const readWhilePublishingAt = async (place: number) => {
      const read = [];
      for await (const { offset } of paginate(client, "history", { channel: "chat", limit: 2 }).items()) {
        if (offset === place) await publish(client, "chat", 1);
        read.push(offset);
      }
      return read;
    };
    expect(await readWhilePublishingAt(1)).toEqual([1, 2, 3, 4]);
    expect(await readWhilePublishingAt(4)).toEqual([1, 2, 3, 4]);
  });

  test("the pages of a client with bigint have bigint", async () => {
    const { client } = createTestClient({
      config: { channel: { without_namespace: { history_size: 9, history_ttl: "9s" } } },
      client: { int64: "bigint" },
    });
    for (const data of [1, 2, 3]) await client.publish({ channel: "chat", data });
    const reading = paginate(client, "history", { channel: "chat", limit: 2, reverse: true });
    expect(await offsetsOf(reading, "publications")).toEqual([[3n, 2n], [1n]]);
  });
});

describe("a lost position of a history", () => {
  test("publications that were trimmed between two pages end the reading", async () => {
    const { client } = setUp();
    await publish(client, "short:a", 5);
    const { epoch } = await client.history({ channel: "short:a" });
    const read: number[] = [];
    const reading = async () => {
      for await (const page of paginate(client, "history", { channel: "short:a", limit: 2 })) {
        read.push(...page.publications.map(({ offset }) => offset));
        if (read.length === 2) await publish(client, "short:a", 4);
      }
    };
    const error = await rejection(reading());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({
      message: `history of short:a: offset 2 of epoch "${epoch}" is lost: the server has nothing between 2 and 5 any more; read again from the beginning`,
      method: "history",
      channel: "short:a",
      position: { offset: 2, epoch },
      maybeExecuted: true,
      attempts: 1,
    });
    expect(read).toEqual([1, 2]);
  });

  test("the error of a lost position counts the attempts of the page that shows it", async () => {
    const { client, server } = createTestClient({ config, client: { retry: { baseDelayMs: 1 } } });
    await publish(client, "short:a", 9);
    const { epoch } = await client.history({ channel: "short:a" });
    server.fail("history", { code: 100 });
    const since = { offset: 1, epoch };
    const error = await rejection(
      paginate(client, "history", { channel: "short:a", since }).toArray({ limit: 9 }),
    );
    expect(error).toMatchObject({ name: "CentPositionError", position: since, attempts: 2 });
  });

  test("a history that was removed between two pages ends the reading", async () => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const pages = paginate(client, "history", { channel: "chat", limit: 2 })[Symbol.asyncIterator]();
    await pages.next();
    await client.historyRemove({ channel: "chat" });
    expect(await rejection(pages.next())).toMatchObject({
      position: { offset: 2 },
      message: expect.stringContaining("nothing between 2 and 3 any more"),
    });
  });

  test("in reverse, a history that was removed between two pages ends there without an error", async () => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const pages = paginate(client, "history", { channel: "chat", limit: 2, reverse: true })[
      Symbol.asyncIterator
    ]();
    await pages.next();
    await client.historyRemove({ channel: "chat" });
    expect(await pages.next()).toEqual({ done: true, value: undefined });
  });

  test("in reverse, reading may begin above the top of a history that was removed", async () => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const { epoch } = await client.history({ channel: "chat" });
    await client.historyRemove({ channel: "chat" });
    const request = { channel: "chat", since: { offset: 4, epoch }, reverse: true };
    expect(await offsetsOf(paginate(client, "history", request), "publications")).toEqual([[]]);
  });

  test.each([false, true])(
    "another epoch ends the reading, with the server's error as cause; reverse: %s",
    async (reverse) => {
      const { client } = setUp();
      await publish(client, "chat", 3);
      const since = { offset: 2, epoch: "old" };
      const error = await rejection(
        paginate(client, "history", { channel: "chat", since, reverse }).toArray({ limit: 9 }),
      );
      expect(error).toBeInstanceOf(CentPositionError);
      expect(error).toMatchObject({
        position: since,
        attempts: 1,
        maybeExecuted: false,
        message:
          'history of chat: offset 2 of epoch "old" is lost: the server does not know it any more; read again from the beginning',
      });
      expect((error as Error).cause).toBeInstanceOf(CentApiResponseError);
      expect((error as Error).cause).toMatchObject({ code: 112 });
    },
  );

  test("a page of another epoch is an error, whatever the server says", async () => {
    const page = { publications: [{ offset: 1, tags: {}, data: 1 }], offset: 2, epoch: "new" };
    const mock = { history: async (_request: HistoryRequest) => page };
    const given = { channel: "chat", since: { offset: 0, epoch: "old" } };
    await expect(paginate(mock, "history", given).toArray({ limit: 1 })).rejects.toMatchObject({
      position: { offset: 0, epoch: "old" },
      message: expect.stringContaining('the epoch is "new" now'),
    });
  });

  test.each([
    [9, false],
    [9, true],
  ])("position %i beyond the end of the stream is lost; reverse: %s", async (offset, reverse) => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const { epoch } = await client.history({ channel: "chat" });
    const reading = paginate(client, "history", { channel: "chat", since: { offset, epoch }, reverse });
    await expect(reading.toArray({ limit: 9 })).rejects.toMatchObject({
      name: "CentPositionError",
      message: expect.stringContaining("the stream ends at 3"),
    });
  });

  test.each([
    ["old to new", false, [3, 4, 6], 2],
    ["new to old", true, [6, 4, 3], 7],
  ])(
    "a gap inside of the first page is lost before that page: %s",
    async (_way, reverse, offsets, before) => {
      const publications = offsets.map((offset) => ({ offset, tags: {}, data: 1 }));
      const mock = { history: async (_request: HistoryRequest) => ({ publications, offset: 6, epoch: "e" }) };
      const reading = paginate(mock, "history", { channel: "chat", reverse });
      await expect(reading.toArray({ limit: 9 })).rejects.toMatchObject({
        position: { offset: before, epoch: "e" },
      });
    },
  );

  test("the position of a lost client with bigint is one that JSON can write", () => {
    const position = { offset: 2n ** 60n, epoch: "e" };
    const error = new CentPositionError("x", { position, method: "history" });
    expect(error.position).toEqual(position);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: "CentPositionError",
      message: "x",
      position: { offset: "1152921504606846976", epoch: "e" },
    });
  });

  test("another error of the server stays as it is", async () => {
    const { client, server } = setUp();
    server.fail("history", { code: 100 });
    const error = await rejection(paginate(client, "history", { channel: "chat" }).toArray({ limit: 1 }));
    expect(error).toBeInstanceOf(CentApiResponseError);
    expect(error).toMatchObject({ code: 100 });
  });
});

describe("the pages of a map's changes", () => {
  test.each([
    [false, [[1, 2], [3, 4], [5]]],
    [true, [[5, 4], [3, 2], [1]]],
  ])("all changes are read to the end; reverse: %s", async (reverse, pages) => {
    const { client } = setUp();
    await setKeys(client, "board:a", 4);
    await client.mapRemove({ channel: "board:a", key: "k1" });
    const reading = paginate(client, "mapReadStream", { channel: "board:a", limit: 2, reverse });
    expect(await offsetsOf(reading, "entries")).toEqual(pages);
  });

  test("reading begins after sinceOffset", async () => {
    const { client } = setUp();
    await setKeys(client, "board:a", 4);
    const { epoch } = await client.mapReadState({ channel: "board:a" });
    const request = { channel: "board:a", limit: 2, sinceOffset: 1, sinceEpoch: epoch };
    expect(await offsetsOf(paginate(client, "mapReadStream", request), "entries")).toEqual([[2, 3], [4]]);
  });

  test("changes that were trimmed between two pages end the reading", async () => {
    const { client } = setUp();
    await setKeys(client, "tight:a", 3);
    const pages = paginate(client, "mapReadStream", { channel: "tight:a", limit: 1 })[Symbol.asyncIterator]();
    const { value } = await pages.next();
    expect(value?.entries.map(({ offset }) => offset)).toEqual([1]);
    await setKeys(client, "tight:a", 3);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({ position: { offset: 1 }, method: "mapReadStream", cause: { code: 112 } });
  });

  test("a map without a stream has one empty page", async () => {
    const { client } = setUp();
    await setKeys(client, "brief:a", 3);
    expect(await offsetsOf(paginate(client, "mapReadStream", { channel: "brief:a" }), "entries")).toEqual([
      [],
    ]);
  });
});
