import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { HistoryRequest, Publication } from "../../../src/index.ts";
import { CentRequestError, paginate } from "../../../src/index.ts";
import { rejection } from "../../harness/expected-error.ts";
import { publish, setUp } from "./set-up.ts";

const offsets = (items: readonly { readonly offset: number }[]) => items.map(({ offset }) => offset);

describe("items of pages", () => {
  test("items() goes over the items of all pages", async () => {
    const { client } = setUp();
    await publish(client, "chat", 5);
    const read: unknown[] = [];
    for await (const item of paginate<number>(client, "history", { channel: "chat", limit: 2 }).items())
      read.push([item.offset, item.data]);
    expect(read).toEqual([1, 2, 3, 4, 5].map((n) => [n, n]));
  });

  test("toArray collects up to its limit, and asks for no page after it", async () => {
    const { client, server } = setUp();
    await publish(client, "chat", 6);
    const before = server.calls.length;
    const pages = paginate(client, "history", { channel: "chat", limit: 2 });
    expect(offsets(await pages.toArray({ limit: 3 }))).toEqual([1, 2, 3]);
    expect(server.calls.length - before).toBe(2);
    expect(offsets(await pages.toArray({ limit: 4 }))).toEqual([1, 2, 3, 4]);
    expect(server.calls.length - before).toBe(4);
    expect(offsets(await pages.toArray({ limit: Number.POSITIVE_INFINITY }))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    [undefined, "options: expected an object", "options"],
    [{}, "limit: is required", "limit"],
    [{ limit: 0 }, "limit: expected an integer above 0, got 0", "limit"],
    [{ limit: -1 }, "limit: expected an integer above 0, got -1", "limit"],
    [{ limit: 1.5 }, "limit: expected an integer above 0, got 1.5", "limit"],
    [{ limit: "9" }, "limit: expected an integer above 0, got 9", "limit"],
    [{ limits: 9 }, "limits: unknown option; did you mean limit?", "limits"],
  ])("toArray refuses %o", async (given, problem, field) => {
    const { client, server } = setUp();
    const error = await rejection(paginate(client, "history", { channel: "chat" }).toArray(given as never));
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ message: `toArray of history: ${problem}`, field, maybeExecuted: false });
    expect(server.calls).toEqual([]);
  });
});

describe("an iteration of pages", () => {
  test("nothing is sent before it, one page at a time in it, and nothing after `break`", async () => {
    const { client, server } = setUp();
    await publish(client, "chat", 6);
    const before = server.calls.length;
    const pages = paginate(client, "history", { channel: "chat", limit: 2 });
    expect(server.calls.length - before).toBe(0);
    let count = 0;
    for await (const _page of pages) {
      count++;
      expect(server.calls.length - before).toBe(count);
      if (count === 2) break;
    }
    expect(server.calls.length - before).toBe(2);
  });

  test("each iteration begins at the request's place, whatever becomes of the object", async () => {
    const { client } = setUp();
    await publish(client, "chat", 3);
    const request = { channel: "chat", limit: 2 };
    const pages = paginate(client, "history", request);
    request.channel = "other";
    expect(offsets(await pages.toArray({ limit: 2 }))).toEqual([1, 2]);
    expect(offsets(await pages.toArray({ limit: 9 }))).toEqual([1, 2, 3]);
  });

  test("the page before the current one is not kept", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const pages: WeakRef<object>[] = [];
    const mock = {
      async history({ since }: HistoryRequest) {
        const offset = Number(since?.offset ?? 0) + 1;
        const page = { publications: [{ offset, tags: {}, data: 1 } as Publication], offset: 4, epoch: "e" };
        pages.push(new WeakRef(page));
        return page;
      },
    };
    const kept: number[] = [];
    for await (const _item of paginate(mock, "history", { channel: "chat", limit: 1 }).items()) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      kept.push(pages.filter((page) => page.deref() !== undefined).length);
    }
    expect(kept).toEqual([1, 1, 1, 1]);
  });
});

describe("the signal of pages", () => {
  test("an aborted signal stops the items of a page, and the next page", async () => {
    const { client, server } = setUp();
    await publish(client, "chat", 6);
    const before = server.calls.length;
    const read = async (last: number) => {
      const stop = new AbortController();
      const seen = [];
      const options = { signal: stop.signal };
      try {
        const pages = paginate(client, "history", { channel: "chat", limit: 2 }, options);
        for await (const { offset } of pages.items()) {
          seen.push(offset);
          if (offset === last) stop.abort(new Error("enough"));
        }
      } catch (error) {
        return [seen, (error as Error).message];
      }
      return expect.fail("the reading went on");
    };
    expect(await read(1)).toEqual([[1], "enough"]);
    expect(await read(2)).toEqual([[1, 2], "enough"]);
    expect(server.calls.length - before).toBe(2);
  });

  test("the options of calls are those of each page", async () => {
    const { client, server } = setUp();
    await publish(client, "chat", 2);
    const options = { headers: { "x-trace": "1" } };
    await paginate(client, "history", { channel: "chat", limit: 1 }, options).toArray({ limit: 9 });
    const calls = server.calls.filter(({ method }) => method === "history");
    expect(calls.map(({ headers }) => new Headers(headers).get("x-trace"))).toEqual(["1", "1"]);
  });
});
