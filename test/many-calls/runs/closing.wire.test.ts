import { describe, expect, test, vi } from "vitest";
import type { CentClient, ClientOptions } from "../../../src/index.ts";
import { CentRequestError, createClient } from "../../../src/index.ts";
import { clientOptions } from "../../harness/batching-set-up.ts";
import { expectError, rejection } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { unhandledRejections } from "../../harness/unhandled-rejections.ts";
import { itemsOf, publications, start } from "./set-up.ts";

/** Checks the error of a run that `close()` has ended. */
async function expectClosed(reason: unknown, maybeExecuted: boolean): Promise<void> {
  const error = expectError(reason, CentRequestError, { method: "publishMany", cause: false });
  expect(error.message).toBe(
    "publishMany: the client is closed, so the run sends no more; await the run before close()",
  );
  expect(error.maybeExecuted).toBe(maybeExecuted);
}

describe.each(protocols)("over %s", (protocol) => {
  test.each(["awaited", "iterated"])(
    "close() waits for all requests in flight, and ends a run that is %s",
    async (how) => {
      await using it = await start(protocol);
      for (const delayMs of [400, 500, 500, 500]) it.server.fail("batch", { delayMs });
      const run = it.cent.publishMany(publications(1_000, 100), { maxCommands: 10 });
      const reading = rejection(how === "awaited" ? run : itemsOf(run));
      await vi.waitFor(() => expect(it.requests()).toEqual([10, 10, 10, 10]), { interval: 5 });
      await it.cent.close();
      await expectClosed(await reading, true);
      expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 40, failed: 0, unknown: 0 });
      expect(it.requests().length).toBe(4);
    },
  );

  test("a closed client fails the run, and counts nothing", async () => {
    await using it = await start(protocol);
    await it.cent.close();
    const run = it.cent.publishMany(publications(3));
    await expectClosed(await rejection(run), false);
    expect(run.progress).toEqual({ taken: 3, succeeded: 0, failed: 0, unknown: 0 });
  });

  test("close() in the turn in which a run is made ends the run before it sends anything", async () => {
    await using it = await start(protocol);
    const run = it.cent.publishMany(publications(3));
    const reading = rejection(run);
    await it.cent.close();
    await expectClosed(await reading, false);
    expect(it.requests()).toEqual([]);
  });
});

describe("a run that close() ends", () => {
  const unhandled = unhandledRejections();

  async function returned(options: ClientOptions, call: (cent: CentClient) => Promise<unknown>) {
    await using cent = createClient(options);
    // A request whose answer takes some turns: `close()` waits for it.
    cent.info();
    // The block ends before the run, as nothing awaits the run.
    return call(cent);
  }

  test.each(protocols)(
    "a run that leaves its `await using` block rejects to its caller: %s",
    async (protocol) => {
      await using it = await start(protocol);
      it.server.fail("info", { delayMs: 20 });
      const options = clientOptions(protocol, it.server);
      await expectClosed(
        await rejection(returned(options, (cent) => cent.publishMany(publications(3)))),
        false,
      );
      expect(unhandled).toEqual([]);
    },
  );

  test("a run that nobody awaits raises an unhandled rejection", async () => {
    await using it = await start("http");
    it.cent.publishMany(publications(3));
    await it.cent.close();
    await vi.waitFor(() => expect(unhandled).toHaveLength(1));
    await expectClosed(unhandled[0], false);
  });
});
