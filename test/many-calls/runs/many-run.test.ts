import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { ManyRun } from "../../../src/index.ts";
import { CentRequestError } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";
import { unhandledRejections } from "../../harness/unhandled-rejections.ts";
import { itemsOf, publications } from "./set-up.ts";

const { client, server } = createTestClient();

/** The error with which a run refuses to be iterated. */
function refusal(run: ManyRun<unknown>): CentRequestError {
  try {
    run[Symbol.asyncIterator]();
  } catch (error) {
    return expectError(error, CentRequestError, { method: "publishMany", cause: false });
  }
  throw new Error("expected an error");
}

describe("a run that nobody iterates", () => {
  test("a run is a promise of its counts", async () => {
    const run = client.publishMany(publications(3));
    expect(run).toBeInstanceOf(Promise);
    expect(Promise.resolve(run)).toBe(run);
    expect(await run).toEqual({ taken: 3, succeeded: 3, failed: 0, unknown: 0 });
    expect(await client.broadcastMany(["a", "b"], { data: 1 })).toMatchObject({ succeeded: 2 });
  });

  test("a run begins by itself at the end of the turn in which it was made", async () => {
    server.clearCalls();
    const run = client.publishMany(publications(3));
    for (let n = 0; n < 20; n++) await undefined;
    expect([run.progress.taken, server.calls.length]).toEqual([0, 0]);
    await vi.waitFor(() => expect(run.progress.succeeded).toBe(3));
    expect(server.calls).toMatchObject([{ method: "batch" }]);
  });

  test("a run that is awaited several times runs once", async () => {
    server.clearCalls();
    const run = client.publishMany(publications(3));
    const [first, second] = await Promise.all([run, run.then((counts) => counts)]);
    expect(first).toEqual(run.progress);
    expect([second, await run]).toEqual([first, first]);
    expect(server.calls).toHaveLength(1);
  });

  test("a run that has begun by itself refuses to be iterated, and goes on", async () => {
    const run = client.publishMany(publications(2_000), { maxCommands: 10 });
    await nextTurn();
    const { message, maybeExecuted } = refusal(run);
    expect(message).toBe(
      "publishMany: the run began by itself at the end of the turn in which it was made, and drops its items; iterate it in that turn, or await it for the counts",
    );
    expect(maybeExecuted).toBe(true);
    expect(await rejection(itemsOf(run))).toBeInstanceOf(CentRequestError);
    expect(await run).toMatchObject({ succeeded: 2_000 });
    expect(refusal(run).message).toBe(message);
  });
});

describe("a run that is iterated", () => {
  test("an iteration that begins later in the same turn gets all items", async () => {
    const run = client.publishMany(publications(3));
    for (let n = 0; n < 20; n++) await undefined;
    expect(await itemsOf(run)).toHaveLength(3);
    expect(await run).toMatchObject({ succeeded: 3 });
  });

  test("the promise of the counts waits for a slow reader, and does not read on by itself", async () => {
    const run = client.publishMany(publications(100), { maxCommands: 2, inFlight: 1 });
    const ended = vi.fn();
    run.then(ended);
    const items = run[Symbol.asyncIterator]();
    await items.next();
    for (let n = 0; n < 20; n++) await nextTurn();
    expect(run.progress.taken).toBeLessThanOrEqual(3);
    expect(ended).not.toHaveBeenCalled();
    for await (const { ok } of items) expect(ok).toBe(true);
    expect(await run).toMatchObject({ taken: 100, succeeded: 100 });
  });

  test("a run sends nothing before its reader asks for an item", async () => {
    server.clearCalls();
    const run = client.publishMany(publications(3));
    const items = run[Symbol.asyncIterator]();
    for (let n = 0; n < 5; n++) await nextTurn();
    expect([run.progress.taken, server.calls.length]).toEqual([0, 0]);
    await items.return();
    expect(await run).toEqual({ taken: 0, succeeded: 0, failed: 0, unknown: 0 });
  });

  test("a run refuses a second iteration", async () => {
    const run = client.publishMany(publications(3));
    const items = itemsOf(run);
    const expected =
      "publishMany: the run is iterated already, and gives its items once; await it for the counts";
    expect(refusal(run).message).toBe(expected);
    expect(await items).toHaveLength(3);
    expect(refusal(run).message).toBe(expected);
  });

  test("the promise gives the counts of a run that `break` ended", async () => {
    const run = client.publishMany(publications(100), { maxCommands: 2, inFlight: 1 });
    for await (const { ok } of run) if (ok) break;
    expect(await run).toEqual(run.progress);
    expect(run.progress.succeeded).toBeLessThanOrEqual(4);
  });

  test("the promise gives the counts of a run whose reader threw", async () => {
    const run = client.publishMany(publications(100), { maxCommands: 2, inFlight: 1 });
    const reading = async () => {
      for await (const { ok } of run) if (ok) throw new Error("mine");
    };
    await expect(reading()).rejects.toThrow("mine");
    expect(await run).toEqual(run.progress);
  });
});

describe("a run that fails", () => {
  const unhandled = unhandledRejections();
  const gone = new Error("the file is gone");

  function* broken() {
    yield* publications(5);
    throw gone;
  }

  test("a run that is neither awaited nor iterated raises an unhandled rejection", async () => {
    client.publishMany(broken());
    await vi.waitFor(() => expect(unhandled).toEqual([gone]));
  });

  test("an awaited run rejects each time that it is awaited", async () => {
    const run = client.publishMany(broken());
    expect(await rejection(run)).toBe(gone);
    expect(await rejection(run)).toBe(gone);
    expect(run.progress).toMatchObject({ taken: 5, succeeded: 5 });
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  test("an iterated run throws to its reader, and raises no unhandled rejection", async () => {
    const run = client.publishMany(broken());
    expect(await rejection(itemsOf(run))).toBe(gone);
    for (let n = 0; n < 5; n++) await nextTurn();
    expect(unhandled).toEqual([]);
    expect(await rejection(run)).toBe(gone);
  });

  test("the promise rejects with the error of an input that `break` cannot close", async () => {
    const input = publications(100);
    input.return = () => {
      throw gone;
    };
    const run = client.publishMany(input, { maxCommands: 2, inFlight: 1 });
    const reading = async () => {
      for await (const { ok } of run) if (ok) break;
    };
    expect(await rejection(reading())).toBe(gone);
    expect(await rejection(run)).toBe(gone);
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  test("an abort before the end of the turn ends a run that has taken nothing", async () => {
    const controller = new AbortController();
    const run = client.publishMany(publications(5), { signal: controller.signal });
    controller.abort(gone);
    expect(await rejection(run)).toBe(gone);
    expect(run.progress.taken).toBe(0);
  });
});
