import { describe, expect, test, vi } from "vitest";
import { rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { publications, start } from "./set-up.ts";

const five = [...publications(5, 1)];

describe.each(protocols)("awaited runs over %s", (protocol) => {
  test("`await` of a run gives its counts", async () => {
    await using it = await start(protocol);
    const counts = await it.cent.publishMany([...five, { channel: "none:a", data: 1 }]);
    expect(counts).toEqual({ taken: 6, succeeded: 5, failed: 1, unknown: 0 });
    expect(await it.cent.broadcastMany(["b", "c"], { data: 1 })).toMatchObject({ succeeded: 2 });
    expect((await it.cent.history({ channel: "chat_0", limit: -1 })).publications).toHaveLength(5);
  });

  test("a run that is awaited twice runs once, and gives the same counts", async () => {
    await using it = await start(protocol);
    const run = it.cent.publishMany(five);
    const [first, second] = await Promise.all([run, run]);
    expect(first).toEqual({ taken: 5, succeeded: 5, failed: 0, unknown: 0 });
    expect([second, await run, run.progress]).toEqual([first, first, first]);
    expect(it.requests()).toEqual([5]);
  });

  test("a run that nobody awaits sends everything", async () => {
    await using it = await start(protocol);
    const run = it.cent.publishMany(publications(1_000), { maxCommands: 100 });
    await vi.waitFor(() => expect(run.progress.succeeded).toBe(1_000), { timeout: 5_000 });
    const { publications: kept } = await it.cent.history({ channel: "chat_9", limit: -1 });
    expect(kept).toHaveLength(100);
  });

  test("`await` rejects with the error that ended the run, also afterwards", async () => {
    await using it = await start(protocol);
    const reason = new Error("enough");
    const aborted = it.cent.publishMany(five, { signal: AbortSignal.abort(reason) });
    expect(await rejection(aborted)).toBe(reason);
    expect(await rejection(aborted)).toBe(reason);
  });
});
