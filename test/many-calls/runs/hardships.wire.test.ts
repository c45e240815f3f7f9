import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClient } from "../../../src/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { clientOptions } from "../../harness/batching-set-up.ts";
import { channels, config, deliveries, hardships, isInOrder, losesReplies } from "../../harness/hardships.ts";
import { protocols } from "../../harness/scripted-server.ts";

const publications = fc.array(
  fc.record({ channel: fc.constantFrom(...channels), isWrong: fc.nat(12).map((n) => n === 0) }),
  { maxLength: 120, size: "max" },
);
const limits = fc.record({
  maxCommands: fc.constantFrom(1, 2, 7, 500),
  maxBytes: fc.constantFrom(1, 300, 1e6),
  inFlight: fc.integer({ min: 1, max: 4 }),
  timeoutMs: fc.constantFrom(2, 5_000, 5_000),
});
/** How the run may end before its input. A third of the runs do not. */
const ends: fc.Arbitrary<{ abortAfterMs?: number; leaveAt?: number }> = fc.option(
  fc.record({ abortAfterMs: fc.constantFrom(0, 1, 4, 8), leaveAt: fc.nat(120) }, { requiredKeys: [] }),
  { nil: {}, freq: 2 },
);
const enough = new Error("enough");

describe.each(protocols)("over %s", (protocol) => {
  test("publishMany counts what the server executed, in order, however the run ends", {
    timeout: 120_000,
  }, async () => {
    await using server = await startTestServer({ config });
    let [runs, complete, executed] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(publications, limits, ends, hardships, async (made, options, end, hard) => {
        const run = `_${runs++}`;
        const losses = [...hard.lostReplies];
        const interceptors = [losesReplies(() => losses.shift() === true)];
        await using cent = createClient({ ...clientOptions(protocol, server), interceptors });
        // A run that failed leaves its faults.
        server.recover();
        server.clearCalls();
        for (const fault of hard.faults) server.fail("*", fault);
        const delivered = deliveries(server, run);
        const controller = new AbortController();
        const { abortAfterMs, leaveAt } = end;
        if (abortAfterMs !== undefined) setTimeout(() => controller.abort(enough), abortAfterMs);
        const inputs = made.map(({ channel, isWrong }, data) => ({
          channel: isWrong ? "none:x" : channel + run,
          data,
        }));
        const items = cent.publishMany(inputs, { ...options, signal: controller.signal });
        const succeeded: number[] = [];
        const failed: number[] = [];
        let given = 0;
        let aborted = false;
        try {
          for await (const { index, ok } of items) {
            expect(index).toBe(given++);
            (ok ? succeeded : failed).push(index);
            if (index === leaveAt) break;
          }
        } catch (error) {
          expect(error).toBe(enough);
          aborted = true;
        }
        const { progress } = items;
        const lists = [...(await delivered()).values()];
        for (const received of lists) {
          expect(received).toHaveLength(new Set(received).size);
          // A publication that timed out may be executed later.
          expect(received.filter((data) => succeeded.includes(Number(data)))).toSatisfy(isInOrder);
        }
        const all = lists.flat();
        expect(all).toEqual(expect.arrayContaining(succeeded));
        expect(all.length).toBeGreaterThanOrEqual(progress.succeeded);
        expect(all.length).toBeLessThanOrEqual(progress.succeeded + progress.unknown);
        const known = progress.succeeded + progress.failed + progress.unknown;
        expect(known).toBeLessThanOrEqual(progress.taken);
        executed += succeeded.length;
        if (!aborted && leaveAt === undefined) {
          complete++;
          expect(given).toBe(made.length);
          expect(known).toBe(made.length);
          expect(progress.succeeded).toBe(succeeded.length);
        }
      }),
      { numRuns: 60 },
    );
    expect(complete).toBeGreaterThan(5);
    expect(executed).toBeGreaterThan(100);
  });
});
