import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { itemsOf, publications, start } from "./set-up.ts";

function* endless(closed: () => void) {
  try {
    for (let n = 0; ; n++) yield { channel: "chat", data: n };
  } finally {
    closed();
  }
}

async function* endlessLater(closed: () => void) {
  yield* endless(closed);
}

describe.each(protocols)("the end of publishMany before its input over %s", (protocol) => {
  test("`break` takes and sends no more, and closes the input", async () => {
    await using it = await start(protocol);
    const closed = vi.fn();
    const run = it.cent.publishMany(endlessLater(closed), { maxCommands: 10, inFlight: 1 });
    for await (const { index } of run) if (index === 15) break;
    expect(closed).toHaveBeenCalledTimes(1);
    const { progress } = run;
    const sent = it.requests().length;
    // The first ten, the ten with item 15, and perhaps the next ten.
    expect(progress.succeeded).toBe(sent * 10);
    expect(progress.succeeded).toBeLessThanOrEqual(30);
    await delay(20);
    expect(it.requests().length).toBe(sent);
    expect(run.progress).toEqual(progress);
    expect(await run).toEqual(progress);
  });

  test.each([
    [
      "a generator",
      (fail: () => Iterable<never>) =>
        function* () {
          yield* publications(5);
          yield* fail();
        },
    ],
    [
      "an async generator",
      (fail: () => Iterable<never>) =>
        async function* () {
          yield* publications(5);
          yield* fail();
        },
    ],
  ])("an error of %s rejects after the items of the values before it", async (_title, input) => {
    await using it = await start(protocol);
    const run = it.cent.publishMany(
      input(() => {
        throw new Error("the file is gone");
      })(),
    );
    const items: unknown[] = [];
    const reading = (async () => {
      for await (const item of run) items.push(item);
    })();
    await expect(reading).rejects.toThrow("the file is gone");
    expect(items).toHaveLength(5);
    expect(run.progress.succeeded).toBe(5);
  });

  test("an abort stops the run, and the counts say what was sent", async () => {
    await using it = await start(protocol);
    it.server.fail("batch", { delayMs: 1 });
    it.server.fail("batch", { delayMs: 60_000 }, { times: "always" });
    const controller = new AbortController();
    const closed = vi.fn();
    const { signal } = controller;
    const run = it.cent.publishMany(endlessLater(closed), { signal, maxCommands: 10, inFlight: 1 });
    const reason = new Error("enough");
    const reading = rejection(run);
    await vi.waitFor(() => expect(it.requests()).toEqual([10, 10]));
    controller.abort(reason);
    expect(await reading).toBe(reason);
    expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 10, failed: 0, unknown: 10 });
    expect(run.progress.taken).toBeGreaterThanOrEqual(20);
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
    expect(it.requests()).toEqual([10, 10]);
  });

  test("an abort does not wait for an input that gives nothing", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    async function* silent() {
      yield { channel: "chat", data: 1 };
      await new Promise(() => {});
    }
    const run = it.cent.publishMany(silent(), { signal: controller.signal });
    const reading = itemsOf(run);
    const rejected = rejection(reading);
    await vi.waitFor(() => expect(run.progress.succeeded).toBe(1));
    controller.abort();
    expect(await rejected).toMatchObject({ name: "AbortError" });
    expect(run.progress).toEqual({ taken: 1, succeeded: 1, failed: 0, unknown: 0 });
  });

  test("a run with an aborted signal takes nothing", async () => {
    await using it = await start(protocol);
    const run = it.cent.publishMany(publications(5), { signal: AbortSignal.abort() });
    expect(await rejection(run)).toMatchObject({ name: "AbortError" });
    expect([run.progress.taken, it.requests()]).toEqual([0, []]);
  });

  test("an abort by a timer ends a run whose values all fail", async () => {
    await using it = await start(protocol);
    const controller = new AbortController();
    let given = 0;
    function* wrong() {
      for (; given < 1_000_000; given++) yield { channel: 5 } as never;
    }
    setTimeout(() => controller.abort(new Error("enough")), 10);
    await expect(it.cent.publishMany(wrong(), { signal: controller.signal })).rejects.toThrow("enough");
    expect(given).toBeLessThan(1_000_000);
  });

  test("`break` drops values that are taken but not sent, also one that would travel alone", async () => {
    await using it = await start(protocol);
    const values = [
      { channel: 5 as never, data: 0 },
      { channel: "a", data: 1 },
      { channel: "a", data: "x".repeat(2_000) },
    ];
    for await (const { ok } of it.cent.publishMany(values, { maxBytes: 1_000 })) if (!ok) break;
    await delay(20);
    expect(it.requests()).toEqual([]);
  });
});
