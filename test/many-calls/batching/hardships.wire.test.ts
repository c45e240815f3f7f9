import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CentError, createClient } from "../../../src/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import { clientOptions } from "../../harness/batching-set-up.ts";
import { channels, config, deliveries, hardships, isInOrder, losesReplies } from "../../harness/hardships.ts";
import { protocols } from "../../harness/scripted-server.ts";

/** Milliseconds until the caller aborts, and its call's `timeoutMs`. Half of the callers wait for the reply. */
const caller: fc.Arbitrary<{ abortAfterMs?: number; timeoutMs?: number }> = fc.option(
  fc.record(
    { abortAfterMs: fc.constantFrom(0, 1, 3, 6), timeoutMs: fc.constantFrom(1, 2, 5, 5_000) },
    { requiredKeys: [] },
  ),
  { nil: {}, freq: 1 },
);
const calls = fc.array(fc.record({ channel: fc.constantFrom(...channels), caller }), {
  minLength: 1,
  maxLength: 60,
  size: "max",
});
const batching = fc.record({
  maxCommands: fc.constantFrom(1, 2, 5, 500),
  maxDelayMs: fc.constantFrom(0, 0, 2),
  inFlight: fc.integer({ min: 1, max: 4 }),
});

describe.each(protocols)("over %s", (protocol) => {
  test("calls are executed once, in order, while others abort, time out or lose their replies", {
    timeout: 120_000,
  }, async () => {
    await using server = await startTestServer({ config });
    let [runs, executed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(calls, batching, hardships, async (made, options, { faults, lostReplies }) => {
        const run = `_${runs++}`;
        const losses = [...lostReplies];
        const interceptors = [losesReplies(() => losses.shift() === true)];
        await using cent = createClient({
          ...clientOptions(protocol, server),
          batching: options,
          interceptors,
        });
        // A run that failed leaves its faults.
        server.recover();
        server.clearCalls();
        for (const fault of faults) server.fail("*", fault);
        const delivered = deliveries(server, run);
        const outcomes = await Promise.all(
          made.map(async ({ channel, caller: { abortAfterMs, timeoutMs } }, data) => {
            const { signal, abort } = leaving(abortAfterMs);
            try {
              const call = cent.publish({ channel: channel + run, data }, { signal, timeoutMs });
              abort();
              await call;
              return "executed";
            } catch (error) {
              if (error === enough) return "perhaps";
              expect(error).toBeInstanceOf(CentError);
              // These errors say that the server refused the call, alone or in a batch.
              const isRefused = error instanceof CentError && /Unimplemented|Unauthorized/.test(error.name);
              return isRefused ? "not" : "perhaps";
            }
          }),
        );
        for (const [name, received] of await delivered()) {
          expect(received).toHaveLength(new Set(received).size);
          // A call whose caller left may be executed later, as it may without batching.
          expect(received.filter((data) => outcomes[Number(data)] === "executed")).toSatisfy(isInOrder);
          made.forEach(({ channel }, data) => {
            if (channel + run !== name) return;
            if (outcomes[data] === "executed") {
              executed++;
              expect(received).toContain(data);
            }
            if (outcomes[data] === "not") expect(received).not.toContain(data);
          });
        }
      }),
      { numRuns: 60 },
    );
    expect(executed).toBeGreaterThan(100);
  });
});

const enough = new Error("the caller has enough");

function leaving(afterMs: number | undefined): { signal: AbortSignal | undefined; abort: () => void } {
  if (afterMs === undefined) return { signal: undefined, abort: () => {} };
  const controller = new AbortController();
  const abort = () => controller.abort(enough);
  return { signal: controller.signal, abort: afterMs === 0 ? abort : () => void setTimeout(abort, afterMs) };
}
