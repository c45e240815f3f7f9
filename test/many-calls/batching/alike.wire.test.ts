import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BatchingOptions, CentClient } from "../../../src/index.ts";
import { createClient } from "../../../src/index.ts";
import type { Fault, TestServer } from "../../../src/testing/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import config from "../../conformance/config.json" with { type: "json" };
import type { Outcome } from "../../harness/batching-set-up.ts";
import { callByName, clientOptions, outcomeOf } from "../../harness/batching-set-up.ts";
import { FakeClock } from "../../harness/fake-clock.ts";
import type { RandomCall } from "../../harness/random-calls.ts";
import { randomCalls } from "../../harness/random-calls.ts";
import { listen, mishaps, named } from "../../harness/random-run.ts";
import type { Protocol } from "../../harness/scripted-server.ts";
import { protocols } from "../../harness/scripted-server.ts";

const behaviours = [
  ...["waits", "waits", "waits", "ends the turn", "has headers of its own"],
  ...["aborts at once", "aborts later", "has little time"],
] as const;

/** A call and its caller's behaviour. */
interface Call {
  readonly method: string;
  readonly request: unknown;
  readonly behaviour: (typeof behaviours)[number];
}

const { constantFrom, record, array, integer } = fc;

const calls: fc.Arbitrary<Call[]> = fc
  .tuple(randomCalls, array(constantFrom(...behaviours), { minLength: 1, maxLength: 30 }))
  .map(([made, does]) =>
    made.filter(isNoBatch).map(({ method, request }, index) => {
      const behaviour = does[index % does.length] ?? "waits";
      // A call that may be executed late, or not at all, gets channels of its own.
      const isApart = /aborts|little time/.test(behaviour);
      return { method, behaviour, request: named(request, isApart ? `{run}_${index}` : "{run}") };
    }),
  );

/** A `batch` travels alone, and would get the faults that are meant for shared batches. */
const isNoBatch = ({ method }: RandomCall) => method !== "batch";

const batching: fc.Arbitrary<BatchingOptions> = record({
  maxCommands: constantFrom(1, 2, 3, 5, 500),
  maxBytes: constantFrom(1, 300, 1_000, 1e6),
  maxDelayMs: constantFrom(0, 0, 0, 3),
  inFlight: integer({ min: 1, max: 4 }),
});

/** Faults that hit every request, and so every call. */
const disasters: fc.Arbitrary<Fault | undefined> = constantFrom(
  ...Array(6).fill(undefined),
  ...[{ drop: true }, { status: 503, grpcStatus: 14 }],
);

describe.each(protocols)("over %s", (protocol) => {
  test("batched calls have the outcomes of calls made one by one", {
    timeout: 120_000,
  }, async () => {
    const clock = new FakeClock();
    await using together = await startTestServer({ config, clock });
    await using apart = await startTestServer({ config, clock });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(calls, batching, mishaps, disasters, async (made, options, faults, disaster) => {
        const run = `run${runs++}`;
        const inRun = made.map((call) => ({ ...call, request: named(call.request, run) }));
        if (disaster === undefined) {
          for (const fault of faults) together.fail("batch", fault[protocol]);
        } else {
          for (const server of [together, apart]) server.fail("*", disaster, { times: "always" });
        }
        const received = [together, apart].map((server) => listen(server, run));
        const outcomes = await callTogether(protocol, together, inRun, options);
        const expected = await callOneByOne(protocol, apart, inRun);
        outcomes.forEach((outcome, index) => {
          const { behaviour, method } = inRun[index] as Call;
          const alternatives = [expected[index], ...endsOf(behaviour)].map((one) =>
            comparable(one, method, disaster),
          );
          expect(alternatives).toContainEqual(comparable(outcome, method, disaster));
        });
        expect(received[0]?.()).toEqual(received[1]?.());
        for (const server of [together, apart]) server.recover();
      }),
      { numRuns: 40 },
    );
  });
});

/** Makes the calls in one turn, except after a caller that ends the turn. */
async function callTogether(
  protocol: Protocol,
  server: TestServer,
  made: readonly Call[],
  options: BatchingOptions,
): Promise<Outcome[]> {
  await using cent = createClient({ ...clientOptions(protocol, server), batching: options });
  const outcomes: Promise<Outcome>[] = [];
  for (const { method, request, behaviour } of made) {
    const controller = new AbortController();
    const { signal } = controller;
    const callOptions = {
      signal,
      ...(behaviour === "has headers of its own" ? { headers: { "x-own": "1" } } : {}),
      ...(behaviour === "has little time" ? { timeoutMs: 2 } : {}),
    };
    outcomes.push(outcomeOf(callByName(cent, method, request, callOptions)));
    if (behaviour === "aborts at once") controller.abort(enough);
    if (behaviour === "aborts later") setTimeout(() => controller.abort(enough), 2);
    if (behaviour === "ends the turn") await turn();
  }
  return Promise.all(outcomes);
}

async function callOneByOne(
  protocol: Protocol,
  server: TestServer,
  made: readonly Call[],
): Promise<Outcome[]> {
  await using cent: CentClient = createClient(clientOptions(protocol, server));
  const outcomes: Outcome[] = [];
  for (const { method, request } of made) outcomes.push(await outcomeOf(callByName(cent, method, request)));
  return outcomes;
}

const enough = new Error("the caller has enough");

/** Methods that the server does not have. */
const lacking = ["connections", "getUserStatus"];

/** Other outcomes of a call whose caller does not wait for the reply. */
function endsOf(behaviour: Call["behaviour"]): Outcome[] {
  if (behaviour === "has little time") return [{ error: { name: "CentTimeoutError" } }];
  return behaviour.startsWith("aborts") ? [{ error: enough }] : [];
}

/** The part of an outcome that must be equal. A message may name a timeout's time, or how a connection was lost. */
function comparable(outcome: Outcome | undefined, method: string, disaster: Fault | undefined): unknown {
  if (outcome === undefined || !("error" in outcome) || outcome.error === enough) return outcome;
  const { name, ...rest } = outcome.error as { name: string };
  if (name === "CentTimeoutError") return { name };
  // Made alone, a call of a method that the server lacks gets that error even then, so the names may differ.
  if (disaster !== undefined) return lacking.includes(method) ? { method } : { name, method };
  return { name, ...rest };
}
