import { expect, test } from "vitest";
import { Scheduler } from "../../../src/many-calls/queue/scheduler.ts";
import { TestCall } from "../../harness/test-call.ts";

/** The most requests that were under way at a time while calls that go alone, and others, were sent. */
async function mostUnderWay(sendsAloneAtOnce?: boolean): Promise<number> {
  let now = 0;
  let most = 0;
  const scheduler = new Scheduler<TestCall>({
    ...{ maxCommands: 5, maxBytes: 100, maxDelayMs: 0, inFlight: 2 },
    ...(sendsAloneAtOnce === undefined ? {} : { sendsAloneAtOnce }),
    async send(calls) {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now--;
      for (const call of calls) call.resolve({});
    },
  });
  const calls = Array.from(
    { length: 30 },
    (_, n) => new TestCall(n, [`c${n % 20}`], { goesAlone: n % 2 === 0 }),
  );
  for (const call of calls) scheduler.add(call);
  await Promise.all(calls.map(({ settled }) => settled));
  return most;
}

test("what goes alone counts as under way", async () => {
  expect(await mostUnderWay()).toBe(2);
});

test("what goes alone does not count where it is sent at once", async () => {
  expect(await mostUnderWay(true)).toBeGreaterThan(9);
});

/** The sizes of the requests that `make` leads to in one turn, each on its way until the turn is over. */
async function sizesOfTurn(make: (add: () => void) => Promise<void> | void): Promise<readonly number[]> {
  const sizes: number[] = [];
  const turn = new Promise((resolve) => setImmediate(resolve));
  const scheduler = new Scheduler<TestCall>({
    ...{ maxCommands: 100, maxBytes: 100, maxDelayMs: 0, inFlight: 4 },
    async send(calls) {
      sizes.push(calls.length);
      await turn.then(() => turn);
      for (const call of calls) call.resolve({});
    },
  });
  let count = 0;
  const calls: TestCall[] = [];
  await make(() => {
    const call = new TestCall(count, [`c${count++}`]);
    calls.push(call);
    scheduler.add(call);
  });
  await turn;
  const sizesByThen = [...sizes];
  await Promise.all(calls.map(({ settled }) => settled));
  return sizesByThen;
}

test("a lone call is sent before the turn is over", async () => {
  expect(await sizesOfTurn((add) => add())).toEqual([1]);
});

test("what one callback leads to travels together, also what its promises lead to", async () => {
  const sizes = await sizesOfTurn(async (add) => {
    add();
    for (let n = 0; n < 20; n++) {
      await Promise.resolve();
      add();
    }
  });
  expect(sizes).toEqual([21]);
});
