import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { startBatching } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";
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
    expect(await rejection(run)).toBe(reason);
    expect(run.progress).toEqual({ taken: 0, ...nothingCounted });
  });

  test("a run whose input aborts between two values sends nothing, and counts nothing", async () => {
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
    expect(await rejection(run)).toBe(reason);
    await delay(5);
    expect(run.progress).toEqual({ taken: 2, ...nothingCounted });
    expect(onProgress).not.toHaveBeenCalled();
    expect(it.requests()).toEqual([]);
  });

  test("a value whose getter aborts the run is not sent", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    const value = {
      channel: "chat",
      get data() {
        controller.abort(reason);
        return 1;
      },
    };
    // The value exceeds `maxBytes`, so it would be sent at once.
    const run = it.cent.publishMany([value], { signal: controller.signal, maxBytes: 1 });
    expect(await rejection(run)).toBe(reason);
    await delay(5);
    expect(run.progress).toEqual({ taken: 1, ...nothingCounted });
    expect(it.requests()).toEqual([]);
  });

  test("an aborted run counts the requests in flight as unknown, and sends and reports no more", async () => {
    await using it = await start(protocol);
    it.server.fail("batch", { delayMs: 60_000 }, { times: "always" });
    const controller = new AbortController();
    const onProgress = vi.fn();
    const options = { signal: controller.signal, maxCommands: 5, inFlight: 2, onProgress };
    const run = it.cent.publishMany(publications(100, 100), options);
    const reading = rejection(run);
    await vi.waitFor(() => expect(it.requests()).toEqual([5, 5]));
    controller.abort(reason);
    expect(await reading).toBe(reason);
    await delay(10);
    expect(run.progress).toEqual({ taken: 10, succeeded: 0, failed: 0, unknown: 10 });
    expect(onProgress).not.toHaveBeenCalled();
  });

  test("a run whose onProgress threw does not call it again, and sends no more", async () => {
    await using it = await start(protocol);
    for (const delayMs of [1, 60_000]) it.server.fail("batch", { delayMs });
    const onProgress = vi.fn(() => {
      throw reason;
    });
    const run = it.cent.publishMany(publications(100, 100), { maxCommands: 5, inFlight: 2, onProgress });
    expect(await rejection(run)).toBe(reason);
    await delay(10);
    expect(onProgress).toHaveBeenCalledTimes(1);
    expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 5, failed: 0, unknown: 5 });
    expect(it.requests()).toEqual([5, 5]);
  });

  test.each([0, 20])("an onProgress that rejects after %i ms ends the run with its error", async (ms) => {
    await using it = await start(protocol);
    const run = it.cent.publishMany([publication], {
      onProgress: async () => {
        if (ms > 0) await delay(ms);
        throw reason;
      },
    });
    expect(await rejection(run)).toBe(reason);
    expect(run.progress.succeeded).toBe(1);
  });

  test("an abort does not wait for an onProgress that never ends", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    const onProgress = vi.fn(() => new Promise<void>(() => {}));
    const run = it.cent.publishMany([publication], { signal: controller.signal, onProgress });
    const reading = rejection(run);
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

  /** An input that gives `count` values, and then never answers. */
  function inputThat(end: () => unknown, count: number): AsyncIterable<typeof publication> {
    let given = 0;
    const next = () =>
      given++ < count ? Promise.resolve({ value: publication }) : new Promise<never>(() => {});
    return { [Symbol.asyncIterator]: () => ({ next, return: end as () => Promise<never> }) };
  }

  test.each(endings)(
    "an aborted run rejects with the abort's reason if return() of its input %s",
    async (_title, end) => {
      await using it = await start("http");
      // With 1 value the run still reads its input. With 100 it has no room to read on.
      for (const count of [1, 100]) {
        it.server.fail("*", { delayMs: 60_000 }, { times: 1 });
        const { signal, ...controller } = withAbort();
        const before = it.requests().length;
        const run = it.cent.publishMany(inputThat(end, count), { signal, maxCommands: 5, inFlight: 1 });
        const reading = rejection(run);
        await vi.waitFor(() => expect(it.requests().length).toBe(before + 1));
        await delay(2);
        controller.abort();
        expect(await reading).toBe(reason);
        expect(run.progress.unknown).toBeGreaterThan(0);
        expect(getEventListeners(signal, "abort")).toEqual([]);
      }
    },
  );

  test.each(endings.slice(1, 3))(
    "`break` throws the error of an input whose return() %s",
    async (_title, end) => {
      await using it = await start("http");
      const { signal } = withAbort();
      // The run has room for the first value only, so it does not read its input meanwhile.
      const run = it.cent.publishMany(inputThat(end, 10), { signal, maxCommands: 1, inFlight: 1 });
      const reading = async () => {
        for await (const { ok } of run) if (ok) break;
      };
      expect(await rejection(reading())).toBe(notThere);
      expect(getEventListeners(signal, "abort")).toEqual([]);
    },
  );

  test("a run rejects with the error of an input that cannot be opened, and leaves no listener", async () => {
    await using it = await start("http");
    const { signal } = withAbort();
    const open = () => {
      throw notThere;
    };
    for (const input of [{ [Symbol.iterator]: open }, { [Symbol.asyncIterator]: open }]) {
      expect(await rejection(it.cent.publishMany(input, { signal }))).toBe(notThere);
      const aborted = it.cent.publishMany(input, { signal: AbortSignal.abort(reason) });
      expect(await rejection(aborted)).toBe(reason);
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  function withAbort() {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort(reason) };
  }
});
