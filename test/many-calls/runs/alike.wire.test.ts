import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CentRequest, ManyOptions } from "../../../src/index.ts";
import { createClient } from "../../../src/index.ts";
import { startTestServer } from "../../../src/testing/index.ts";
import config from "../../conformance/config.json" with { type: "json" };
import type { Outcome } from "../../harness/batching-set-up.ts";
import { callByName, clientOptions, outcomeOf } from "../../harness/batching-set-up.ts";
import { FakeClock } from "../../harness/fake-clock.ts";
import { listen, mishaps, named } from "../../harness/random-run.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { later } from "./set-up.ts";

const { array, boolean, constantFrom, integer, record } = fc;

const channel = constantFrom(
  ...["{run}", "{run}", "short:{run}", "value:{run}", "binary:{run}", "json:{run}", "plain:{run}"],
  ...["none:{run}", "", "board:{run}"],
);
const data = constantFrom<unknown>(
  ...[1, "two", { n: 3 }, [4], null, "x".repeat(200), new Uint8Array([0, 255]), new Uint8Array()],
  ...[() => "no JSON", undefined],
);
const publication = fc
  .tuple(
    record({ channel, data }),
    record(
      { tags: constantFrom({ a: "b" }), idempotencyKey: constantFrom("k", "l"), chanel: channel },
      { requiredKeys: [] },
    ),
    integer({ min: 0, max: 9 }),
  )
  // A wrong name is rare: it would leave little to publish.
  .map(([required, { chanel, ...optional }, seldom]) => ({
    ...required,
    ...optional,
    ...(seldom === 0 && { chanel }),
  }));

const options: fc.Arbitrary<ManyOptions> = record({
  maxCommands: constantFrom(1, 2, 3, 7, 500),
  maxBytes: constantFrom(1, 300, 1e6),
  inFlight: integer({ min: 1, max: 4 }),
});

describe.each(protocols)("over %s", (protocol) => {
  test("publishMany has the outcomes of publishing one by one", { timeout: 120_000 }, async () => {
    const clock = new FakeClock();
    await using together = await startTestServer({ config, clock });
    await using apart = await startTestServer({ config, clock });
    await using many = createClient(clientOptions(protocol, together));
    await using single = createClient(clientOptions(protocol, apart));
    let runs = 0;
    const publications = array(publication, { maxLength: 60, size: "max" });
    await fc.assert(
      fc.asyncProperty(publications, options, mishaps, boolean(), async (made, limits, faults, isAsync) => {
        const run = `run${runs++}`;
        const inRun = made.map((one) => named(one, run) as CentRequest<"publish">);
        for (const fault of faults) together.fail("batch", fault[protocol]);
        const received = [together, apart].map((server) => listen(server, run));
        const outcomes: Outcome[] = [];
        for await (const item of many.publishMany(isAsync ? later(inRun) : inRun, limits)) {
          expect(item.index).toBe(outcomes.length);
          outcomes.push(await outcomeOf(item.ok ? Promise.resolve(item.result) : Promise.reject(item.error)));
        }
        const expected: Outcome[] = [];
        for (const one of inRun) expected.push(await outcomeOf(callByName(single, "publish", one)));
        expect(outcomes).toEqual(expected);
        expect(received[0]?.()).toEqual(received[1]?.());
        together.recover();
      }),
      { numRuns: 40 },
    );
  });
});
