import { describe, expect, test } from "vitest";
import type { MapReadStateRequest } from "../../../src/index.ts";
import { CentDecodeError, CentPositionError, paginate } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { rejection } from "../../harness/expected-error.ts";
import { setKeys, setUp } from "./set-up.ts";

describe("the pages of a map's state", () => {
  test.each([
    [0, [[]]],
    [2, [["k1", "k2"]]],
    [3, [["k1", "k2"], ["k3"]]],
    [
      4,
      [
        ["k1", "k2"],
        ["k3", "k4"],
      ],
    ],
  ])("a map of %i keys is read to its end", async (count, expected) => {
    const { client } = setUp();
    await setKeys(client, "board:a", count);
    const pages = [];
    for await (const { entries } of paginate(client, "mapReadState", { channel: "board:a", limit: 2 }))
      pages.push(entries.map(({ key }) => key));
    expect(pages).toEqual(expected);
  });

  test("the pages after the first ask for its revision", async () => {
    const { client, server } = setUp();
    await setKeys(client, "board:a", 3);
    await paginate(client, "mapReadState", { channel: "board:a", limit: 2 }).toArray({ limit: 9 });
    const { epoch } = await client.mapReadState({ channel: "board:a" });
    const requests = server.calls.filter(({ method }) => method === "mapReadState");
    expect(requests[0]?.request).not.toHaveProperty("revisionEpoch");
    expect(requests[1]?.request).toMatchObject({ cursor: "k2", revisionOffset: 3, revisionEpoch: epoch });
  });

  test("the revision stays that of the first page while the map changes", async () => {
    const { client, server } = setUp();
    await setKeys(client, "board:a", 3);
    for await (const { entries } of paginate(client, "mapReadState", { channel: "board:a", limit: 1 }))
      if (entries[0]?.key === "k1") await client.mapPublish({ channel: "board:a", key: "k0", data: 0 });
    const requests = server.calls.filter(({ method }) => method === "mapReadState");
    expect(requests.map(({ request }) => Reflect.get(request, "revisionOffset"))).toEqual([undefined, 3, 3]);
  });

  test("reading begins at a cursor", async () => {
    const { client } = setUp();
    await setKeys(client, "board:a", 4);
    const reading = paginate(client, "mapReadState", { channel: "board:a", limit: 2, cursor: "k1" });
    expect((await reading.toArray({ limit: 9 })).map(({ key }) => key)).toEqual(["k2", "k3", "k4"]);
  });

  test("a map that was cleared between two pages ends the reading, at the position of the first page", async () => {
    const { client } = setUp();
    await setKeys(client, "board:a", 3);
    const pages = paginate(client, "mapReadState", { channel: "board:a", limit: 2 })[Symbol.asyncIterator]();
    const first = await pages.next();
    await client.mapClear({ channel: "board:a" });
    await setKeys(client, "board:a", 3);
    const error = await rejection(pages.next());
    expect(error).toBeInstanceOf(CentPositionError);
    expect(error).toMatchObject({
      method: "mapReadState",
      channel: "board:a",
      position: { offset: 3, epoch: first.value?.epoch },
      cause: { code: 112 },
    });
  });

  test("a revision in the request is kept", async () => {
    const { client } = setUp();
    await setKeys(client, "board:a", 3);
    const request = { channel: "board:a", limit: 2, revisionOffset: 1, revisionEpoch: "old" };
    await expect(paginate(client, "mapReadState", request).toArray({ limit: 9 })).rejects.toMatchObject({
      name: "CentPositionError",
      position: { offset: 1, epoch: "old" },
    });
  });

  test("a stand-in whose page has no cursor has one page", async () => {
    const page = { entries: [{ key: "k" }], offset: 1, epoch: "a" };
    const mock = { mapReadState: async (_request: MapReadStateRequest) => page };
    const reading = paginate(mock, "mapReadState", { channel: "board:a" });
    expect(await reading.toArray({ limit: 9 })).toEqual([{ key: "k" }]);
  });

  test("a page of another epoch is an error, whatever the server says", async () => {
    const epochs = ["a", "b"];
    const mock = {
      mapReadState: async (_request: MapReadStateRequest) => ({
        entries: [{ key: "k" }],
        offset: 1,
        epoch: epochs.shift(),
        cursor: "next",
      }),
    };
    const reading = paginate(mock, "mapReadState", { channel: "board:a" });
    await expect(reading.toArray({ limit: 9 })).rejects.toMatchObject({
      position: { offset: 1, epoch: "a" },
      message: expect.stringContaining('the epoch is "b" now'),
    });
  });
});

describe("the pages of lists with cursors", () => {
  /** A server with a list of devices, and what it was asked for. */
  function devices(pages: readonly { ids: readonly string[]; next: string }[]) {
    const cursors: unknown[] = [];
    const made = createTestClient({
      methods: {
        deviceList: ({ cursor = "", limit }) => {
          cursors.push([cursor, limit]);
          const { ids, next } = pages[cursors.length - 1] ?? { ids: [], next: "" };
          return { items: ids.map((id) => ({ id })), nextCursor: next, totalCount: 3 };
        },
      },
    });
    return { ...made, cursors };
  }

  test("a list is read until the cursor is empty", async () => {
    const { client, cursors } = devices([
      { ids: ["a", "b"], next: "b" },
      { ids: ["c"], next: "" },
    ]);
    const pages = [];
    for await (const page of paginate(client, "deviceList", { filter: { users: ["1"] }, limit: 2 }))
      pages.push([page.totalCount, page.items.map(({ id }) => id)]);
    expect(pages).toEqual([
      [3, ["a", "b"]],
      [3, ["c"]],
    ]);
    expect(cursors).toEqual([
      ["", 2],
      ["b", 2],
    ]);
  });

  test("an empty page in the middle is left out, and does not end the reading", async () => {
    const { client } = devices([
      { ids: ["a"], next: "1" },
      { ids: [], next: "2" },
      { ids: ["b"], next: "3" },
    ]);
    const pages = [];
    for await (const { items } of paginate(client, "deviceList", {})) pages.push(items.map(({ id }) => id));
    expect(pages).toEqual([["a"], ["b"]]);
  });

  test("a server that repeats a cursor is not asked for ever", async () => {
    const { client } = devices([
      { ids: ["a"], next: "1" },
      { ids: ["b"], next: "1" },
    ]);
    const error = await rejection(paginate(client, "deviceList", {}).toArray({ limit: 9 }));
    expect(error).toBeInstanceOf(CentDecodeError);
    expect(error).toMatchObject({
      message: "deviceList: the server gave the cursor again that it was asked for",
      method: "deviceList",
    });
  });
});
