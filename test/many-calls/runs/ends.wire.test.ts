import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { CentRequestError } from "../../../src/index.ts";
import { startBatching } from "../../harness/batching-set-up.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";

const start = (protocol: "http" | "grpc") => startBatching(protocol, { batching: false });

const publication = { channel: "chat", data: 1 };
const nothingCounted = { succeeded: 0, failed: 0, unknown: 0 };
const reason = new Error("enough");

function* publications(count: number, channels = 10) {
  for (let n = 0; n < count; n++) yield { channel: `chat_${n % channels}`, data: n };
}

describe.each(protocols)("over %s", (protocol) => {
  test("an input that aborts while it is read ends the run, though it never answers", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    async function* input() {
      controller.abort(reason);
      await new Promise(() => {});
      yield publication;
    }
    const run = it.cent.publishMany(input(), { signal: controller.signal });
    expect(await rejection(run.done())).toBe(reason);
    expect(run.progress).toEqual({ taken: 0, ...nothingCounted });
  });

  test("an input that aborts between two of its values: nothing is sent, and nothing is unknown", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    const onProgress = vi.fn();
    function* input() {
      yield publication;
      controller.abort(reason);
      yield publication;
      yield publication;
    }
    const run = it.cent.publishMany(input(), { signal: controller.signal, onProgress });
    expect(await rejection(run.done())).toBe(reason);
    await delay(5);
    expect(run.progress).toEqual({ taken: 2, ...nothingCounted });
    expect(onProgress).not.toHaveBeenCalled();
    expect(it.requests()).toEqual([]);
  });

  test("a value that aborts while it is looked at is not sent", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    const value = {
      channel: "chat",
      get data() {
        controller.abort(reason);
        return 1;
      },
    };
    // Too large for any other, so that it would be sent at once.
    const run = it.cent.publishMany([value], { signal: controller.signal, maxBytes: 1 });
    expect(await rejection(run.done())).toBe(reason);
    await delay(5);
    expect(run.progress).toEqual({ taken: 1, ...nothingCounted });
    expect(it.requests()).toEqual([]);
  });

  test("close waits for all requests that are under way", async () => {
    await using it = await start(protocol);
    for (const delayMs of [400, 500, 500, 500]) it.server.fail("batch", { delayMs });
    const run = it.cent.publishMany(publications(1_000, 100), { maxCommands: 10 });
    const reading = rejection(run.done());
    await vi.waitFor(() => expect(it.requests()).toEqual([10, 10, 10, 10]), { interval: 5 });
    await it.cent.close();
    expectError(await reading, CentRequestError, { cause: false });
    expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 40, failed: 0, unknown: 0 });
    expect(it.requests().length).toBe(4);
  });

  test("a client that is closed already fails the run, and counts nothing", async () => {
    await using it = await start(protocol);
    await it.cent.close();
    const run = it.cent.publishMany(publications(3));
    expectError(await rejection(run.done()), CentRequestError, { cause: false });
    expect(run.progress).toEqual({ taken: 3, ...nothingCounted });
  });

  test("after an abort nothing is sent, counted or reported but what was under way", async () => {
    await using it = await start(protocol);
    it.server.fail("batch", { delayMs: 60_000 }, { times: "always" });
    const controller = new AbortController();
    const onProgress = vi.fn();
    const options = { signal: controller.signal, maxCommands: 5, inFlight: 2, onProgress };
    const run = it.cent.publishMany(publications(100, 100), options);
    const reading = rejection(run.done());
    await vi.waitFor(() => expect(it.requests()).toEqual([5, 5]));
    controller.abort(reason);
    expect(await reading).toBe(reason);
    await delay(10);
    expect(run.progress).toEqual({ taken: 10, succeeded: 0, failed: 0, unknown: 10 });
    expect(onProgress).not.toHaveBeenCalled();
  });

  test("onProgress is not called again after it threw, and nothing more is sent", async () => {
    await using it = await start(protocol);
    for (const delayMs of [1, 60_000]) it.server.fail("batch", { delayMs });
    const onProgress = vi.fn(() => {
      throw reason;
    });
    const run = it.cent.publishMany(publications(100, 100), { maxCommands: 5, inFlight: 2, onProgress });
    expect(await rejection(run.done())).toBe(reason);
    await delay(10);
    expect(onProgress).toHaveBeenCalledTimes(1);
    expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 5, failed: 0, unknown: 5 });
    expect(it.requests()).toEqual([5, 5]);
  });

  test.each([0, 20])("an onProgress that rejects after %i ms ends the run with that", async (ms) => {
    await using it = await start(protocol);
    const run = it.cent.publishMany([publication], {
      onProgress: async () => {
        if (ms > 0) await delay(ms);
        throw reason;
      },
    });
    expect(await rejection(run.done())).toBe(reason);
    expect(run.progress.succeeded).toBe(1);
  });

  test("an abort does not wait for an onProgress that never ends", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    const onProgress = vi.fn(() => new Promise<void>(() => {}));
    const run = it.cent.publishMany([publication], { signal: controller.signal, onProgress });
    const reading = rejection(run.done());
    await vi.waitFor(() => expect(onProgress).toHaveBeenCalledTimes(1));
    controller.abort(reason);
    expect(await reading).toBe(reason);
  });
});

describe("the end of the input", () => {
  const notThere = new Error("already closed");
  const endings: [string, () => unknown][] = [
    ["gives no promise", () => ({ done: true })],
    [
      "throws",
      () => {
        throw notThere;
      },
    ],
    ["rejects", () => Promise.reject(notThere)],
    ["never answers", () => new Promise(() => {})],
  ];

  /** An input of `count` values, which gives nothing after them. */
  function inputThat(end: () => unknown, count: number): AsyncIterable<typeof publication> {
    let given = 0;
    const next = () =>
      given++ < count ? Promise.resolve({ value: publication }) : new Promise<never>(() => {});
    return { [Symbol.asyncIterator]: () => ({ next, return: end as () => Promise<never> }) };
  }

  test.each(endings)("an abort is the error where return() %s", async (_title, end) => {
    await using it = await start("http");
    // With a single value the input is being read; of the other there is no room for more.
    for (const count of [1, 100]) {
      it.server.fail("*", { delayMs: 60_000 }, { times: 1 });
      const { signal, ...controller } = withAbort();
      const before = it.requests().length;
      const run = it.cent.publishMany(inputThat(end, count), { signal, maxCommands: 5, inFlight: 1 });
      const reading = rejection(run.done());
      await vi.waitFor(() => expect(it.requests().length).toBe(before + 1));
      await delay(2);
      controller.abort();
      expect(await reading).toBe(reason);
      expect(run.progress.unknown).toBeGreaterThan(0);
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }
  });

  test.each(endings.slice(1, 3))("a reader that stops is told that return() %s", async (_title, end) => {
    await using it = await start("http");
    const { signal } = withAbort();
    // There is no room for more than the first, so that the input is not being read.
    const run = it.cent.publishMany(inputThat(end, 10), { signal, maxCommands: 1, inFlight: 1 });
    const reading = async () => {
      for await (const { ok } of run) if (ok) break;
    };
    expect(await rejection(reading())).toBe(notThere);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("an input that cannot be opened is the error, and leaves no listener", async () => {
    await using it = await start("http");
    const { signal } = withAbort();
    const open = () => {
      throw notThere;
    };
    for (const input of [{ [Symbol.iterator]: open }, { [Symbol.asyncIterator]: open }]) {
      expect(await rejection(it.cent.publishMany(input, { signal }).done())).toBe(notThere);
      const aborted = it.cent.publishMany(input, { signal: AbortSignal.abort(reason) });
      expect(await rejection(aborted.done())).toBe(reason);
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  function withAbort() {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort(reason) };
  }
});
