import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { ManyOptions, ManyProgress } from "../../../src/index.ts";
import {
  CentApiResponseError,
  CentNetworkError,
  CentRequestError,
  CentTimeoutError,
  CentUnauthorizedError,
} from "../../../src/index.ts";
import { expectError } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { itemsOf, later, publications, start } from "./set-up.ts";

describe.each(protocols)("publishMany over %s", (protocol) => {
  test.each([
    ["an array", () => [...publications(1_234)]],
    ["a generator", () => publications(1_234)],
    ["an async generator", () => later(publications(1_234))],
  ])(
    "publishMany publishes %s in batches, with an item for each publication in its order",
    async (_title, input) => {
      await using it = await start(protocol);
      const run = it.cent.publishMany(input(), { maxCommands: 100 });
      const items = await itemsOf(run);
      expect(items.map(({ index }) => index)).toEqual(Array.from({ length: 1_234 }, (_, n) => n));
      expect(items.every(({ ok }) => ok)).toBe(true);
      expect(items[1_230]).toMatchObject({ ok: true, index: 1_230, result: { offset: 124 } });
      expect(run.progress).toEqual({ taken: 1_234, succeeded: 1_234, failed: 0, unknown: 0 });
      const sizes = it.requests();
      expect(Math.max(...sizes.map((size) => (size === "publish" ? 1 : Number(size))))).toBe(100);
      expect(sizes.length).toBeLessThan(25);
      for (const channel of ["chat_0", "chat_7"]) {
        const { publications: kept } = await it.cent.history({ channel, limit: -1 });
        const expected = Array.from({ length: 124 }, (_, n) => n * 10 + Number(channel.slice(5)));
        expect(kept.map(({ data }) => data)).toEqual(expected.filter((n) => n < 1_234));
      }
    },
  );

  test("a failing publication fails only its own item", async () => {
    await using it = await start(protocol);
    const run = it.cent.publishMany([
      { channel: "a", data: 1 },
      { channel: "none:x", data: 2 },
      { channel: "a", data: () => 3 },
      { channel: "a", data: 4 },
      { channel: "a", data: 5, chanel: "a" },
      null,
    ] as never);
    const items = await itemsOf(run);
    const errors = items.map((item) => (item.ok ? undefined : item.error));
    expect(items.map(({ ok }) => ok)).toEqual([true, false, false, true, false, false]);
    expectError(errors[1], CentApiResponseError, { cause: false });
    expect(errors[1]).toMatchObject({ code: 102 });
    for (const [index, field] of [
      [2, "data"],
      [4, "chanel"],
    ] as const) {
      expect(expectError(errors[index], CentRequestError).field).toBe(field);
    }
    expectError(errors[5], CentRequestError);
    expect(run.progress).toEqual({ taken: 6, succeeded: 2, failed: 4, unknown: 0 });
    expect(it.requests()).toEqual([3]);
  });

  test("an awaited run calls onProgress after each request, and gives the counts", async () => {
    await using it = await start(protocol);
    const seen: ManyProgress[] = [];
    const run = it.cent.publishMany(later(publications(50)), {
      maxCommands: 10,
      onProgress: (progress) => seen.push(progress),
    });
    expect(await run).toEqual({ taken: 50, succeeded: 50, failed: 0, unknown: 0 });
    expect(seen.length).toBe(it.requests().length);
    const succeeded = seen.map((progress) => progress.succeeded);
    expect(succeeded).toEqual([...succeeded].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual(run.progress);
  });

  test("publishMany keeps no more than inFlight requests in flight", async () => {
    await using it = await start(protocol);
    it.server.fail("*", { delayMs: 300 }, { times: 2 });
    const run = it.cent.publishMany(publications(100, 100), { maxCommands: 5, inFlight: 2 });
    const iterator = run[Symbol.asyncIterator]();
    const first = iterator.next();
    await vi.waitFor(() => expect(it.requests().length).toBe(2));
    await delay(10);
    expect(it.requests()).toEqual([5, 5]);
    await first;
    await iterator.return();
  });

  test("a publication larger than maxBytes travels alone", async () => {
    await using it = await start(protocol);
    const large = "x".repeat(5_000);
    const input = [1, 2, 3, 4].map((n) => ({ channel: `chat_${n}`, data: n === 2 ? large : n }));
    expect(await it.cent.publishMany(input, { maxBytes: 2_000 })).toMatchObject({ succeeded: 4 });
    expect([...it.requests()].sort()).toEqual([3, "publish"]);
  });

  test("publishMany takes no more of an endless input than it has room for", async () => {
    await using it = await start(protocol);
    let taken = 0;
    async function* endless() {
      for (;;) yield { channel: `chat_${taken % 7}`, data: taken++ };
    }
    const items = it.cent.publishMany(endless(), { maxCommands: 10, inFlight: 2 })[Symbol.asyncIterator]();
    await items.next();
    await delay(50);
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThanOrEqual(21);
    for (let n = 0; n < 100; n++) await items.next();
    expect(taken).toBeLessThanOrEqual(121);
    await items.return();
  });

  test("maxBytes limits how many large publications are taken ahead", async () => {
    await using it = await start(protocol);
    let taken = 0;
    function* endless() {
      for (;;) yield { channel: `chat_${taken++ % 7}`, data: "x".repeat(10_000) };
    }
    const options = { maxCommands: 1_000, maxBytes: 20_000, inFlight: 2 };
    const items = it.cent.publishMany(endless(), options)[Symbol.asyncIterator]();
    await items.next();
    await delay(50);
    expect(taken).toBeLessThanOrEqual(10);
    await items.return();
  });

  test("publications of a slow input are sent as they come", async () => {
    await using it = await start(protocol);
    let received = Promise.withResolvers<void>();
    async function* slow() {
      for (const publication of publications(3)) {
        yield publication;
        // The next publication comes after the reply to this one.
        await received.promise;
        received = Promise.withResolvers<void>();
      }
    }
    for await (const { ok } of it.cent.publishMany(slow())) if (ok) received.resolve();
    expect(it.requests()).toEqual(["publish", "publish", "publish"]);
  });

  test("a failing request fails each of its items with an error of its own, and no others", async () => {
    await using it = await start(protocol);
    it.server.fail("batch", { drop: true });
    const run = it.cent.publishMany(publications(30, 1), { maxCommands: 10, inFlight: 1 });
    const items = await itemsOf(run);
    const errors = items.flatMap((item) => (item.ok ? [] : [item.error]));
    expect(errors).toHaveLength(10);
    for (const error of errors) expectError(error, CentNetworkError);
    expect(new Set(errors).size).toBe(10);
    expect(run.progress).toEqual({ taken: 30, succeeded: 20, failed: 0, unknown: 10 });
  });

  test("timeoutMs limits each request by itself", async () => {
    await using it = await start(protocol, { timeoutMs: 60_000 });
    it.server.fail("batch", { delayMs: 250 }, { times: 3 });
    it.server.fail("batch", { delayMs: 60_000 });
    const options = { timeoutMs: 700, maxCommands: 5, inFlight: 1 };
    const run = it.cent.publishMany(publications(25, 1), options);
    const failed = (await itemsOf(run)).flatMap((item) => (item.ok ? [] : [item.error]));
    expect(failed).toHaveLength(5);
    for (const error of failed) expectError(error, CentTimeoutError);
    expect(run.progress).toEqual({ taken: 25, succeeded: 20, failed: 0, unknown: 5 });
  });

  test("each request of publishMany carries the headers", async () => {
    await using it = await start(protocol);
    await it.cent.publishMany(publications(20), { headers: { "x-job": "7" }, maxCommands: 10 });
    expect(it.server.calls.map(({ headers }) => headers["x-job"])).toEqual(["7", "7"]);
  });

  test("publications of a refused batch are sent one by one, in the order of each channel", async () => {
    await using it = await start(protocol);
    const subscriber = it.server.connect({ channels: ["chat_0"] });
    it.server.fail("batch", protocol === "http" ? { status: 413 } : { grpcStatus: 3 });
    const run = it.cent.publishMany(publications(10, 2));
    expect(await run).toMatchObject({ succeeded: 10 });
    expect(it.requests().length).toBe(11);
    expect(subscriber.received.map((push) => push.type === "publication" && push.data)).toEqual([
      0, 2, 4, 6, 8,
    ]);
  });

  test("publications with a wrong key count as failed", async () => {
    await using it = await start(protocol, { apiKey: "wrong-key" });
    const run = it.cent.publishMany(publications(3));
    const items = await itemsOf(run);
    expect(items).toHaveLength(3);
    for (const item of items) {
      const error = expectError(!item.ok && item.error, CentUnauthorizedError);
      expect(error.message).not.toContain("no apiKey");
    }
    expect(run.progress).toEqual({ taken: 3, succeeded: 0, failed: 3, unknown: 0 });
  });

  test.each<[unknown, object, string]>([
    [[], { maxCommands: 0 }, "publishMany: maxCommands: expected an integer above 0, got 0"],
    [[], { inFlight: 1.5 }, "publishMany: inFlight: expected an integer above 0, got 1.5"],
    [[], { timeoutMs: -1 }, "publishMany: timeoutMs: expected milliseconds from 0 to 2147483647"],
    [[], { onProgress: 1 }, "publishMany: onProgress: expected a function"],
    [
      [],
      { size: 1 },
      "publishMany: size: unknown option; expected one of timeoutMs, signal, headers, retry, maxCommands, maxBytes, inFlight, onProgress",
    ],
    [[], { headers: { host: "x" } }, "publishMany: headers.host: is set by the transport"],
    ["chat", {}, "publishMany: expected an iterable or an async iterable, and no string"],
    [{ channel: "a" }, {}, "publishMany: expected an iterable or an async iterable, and no string"],
    [undefined, {}, "publishMany: expected an iterable or an async iterable, and no string"],
  ])("publishMany refuses %j with %j: %s", async (input, options, message) => {
    await using it = await start(protocol);
    const call = () => it.cent.publishMany(input as never, options as ManyOptions);
    expect(call).toThrow(CentRequestError);
    expect(call).toThrow(message);
  });
});
