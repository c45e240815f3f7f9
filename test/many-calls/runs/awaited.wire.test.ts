import { describe, expect, test } from "vitest";
import { startBatching } from "../../harness/batching-set-up.ts";
import { rejection } from "../../harness/expected-error.ts";

const publications = Array.from({ length: 5 }, (_, n) => ({ channel: "a", data: n }));

describe("awaited runs", () => {
  test("`await` starts a run, and gives its counts", async () => {
    await using it = await startBatching("http", { batching: false });
    const counts = await it.cent.publishMany([...publications, { channel: "none:a", data: 1 }]);
    expect(counts).toEqual({ taken: 6, succeeded: 5, failed: 1, unknown: 0 });
    expect(await it.cent.broadcastMany(["b", "c"], { data: 1 })).toMatchObject({ succeeded: 2 });
    expect((await it.cent.history({ channel: "a", limit: -1 })).publications).toHaveLength(5);
  });

  test("a run that is awaited twice runs once, and gives the same counts", async () => {
    await using it = await startBatching("http", { batching: false });
    const run = it.cent.publishMany(publications);
    const all = await Promise.all([run, run, run.done()]);
    expect(new Set(all.map(({ succeeded }) => succeeded))).toEqual(new Set([5]));
    expect(await run).toEqual(run.progress);
    expect(it.requests()).toEqual([5]);
  });

  test("`await` goes on where the iteration stopped", async () => {
    await using it = await startBatching("http", { batching: false });
    const run = it.cent.publishMany(publications);
    expect(await run[Symbol.asyncIterator]().next()).toMatchObject({ value: { index: 0, ok: true } });
    expect(await run).toMatchObject({ taken: 5, succeeded: 5 });
  });

  test("`await` rejects with the error that ended the run, also afterwards", async () => {
    await using it = await startBatching("http", { batching: false });
    const reason = new Error("enough");
    const aborted = it.cent.publishMany(publications, { signal: AbortSignal.abort(reason) });
    expect(await rejection(Promise.resolve(aborted))).toBe(reason);
    expect(await rejection(aborted.done())).toBe(reason);
    function* broken() {
      yield* publications;
      throw reason;
    }
    const run = it.cent.publishMany(broken());
    const items: unknown[] = [];
    await expect(async () => {
      for await (const item of run) items.push(item);
    }).rejects.toBe(reason);
    expect(await rejection(Promise.resolve(run))).toBe(reason);
    expect(run.progress).toMatchObject({ taken: 5, succeeded: 5 });
  });

  test("`await` gives the counts of a run that `break` ended", async () => {
    await using it = await startBatching("http", { batching: false });
    const run = it.cent.publishMany(publications);
    for await (const { ok } of run) if (ok) break;
    expect(await run).toMatchObject({ taken: 5, succeeded: 5 });
  });
});
