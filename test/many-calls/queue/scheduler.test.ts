import { expect, test } from "vitest";
import { Scheduler } from "../../../src/many-calls/queue/scheduler.ts";
import { TestCall } from "../../harness/test-call.ts";

/** The most requests in flight at a time, while calls that go alone and shared calls are sent. */
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

test("a call that goes alone counts toward inFlight", async () => {
  expect(await mostUnderWay()).toBe(2);
});

test("a call that goes alone does not count toward inFlight with sendsAloneAtOnce", async () => {
  expect(await mostUnderWay(true)).toBeGreaterThan(9);
});

/** The sizes of the requests that `make` causes in one turn. Each is in flight until the turn ends. */
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

test("a single call is sent before the turn ends", async () => {
  expect(await sizesOfTurn((add) => add())).toEqual([1]);
});

test("calls of one callback and its promises travel together", async () => {
  const sizes = await sizesOfTurn(async (add) => {
    add();
    for (let n = 0; n < 20; n++) {
      await Promise.resolve();
      add();
    }
  });
  expect(sizes).toEqual([21]);
});
