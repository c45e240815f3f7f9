import { expect, test } from "vitest";
import type { SchedulerOptions } from "../../../src/many-calls/queue/scheduler.ts";
import { Scheduler } from "../../../src/many-calls/queue/scheduler.ts";
import { TestCall } from "../../harness/test-call.ts";

/** A scheduler whose requests stay in flight until the test ends them. */
function heldRequests(options: Partial<SchedulerOptions<TestCall>> = {}) {
  const sent: number[][] = [];
  const ends: (() => void)[] = [];
  let count = 0;
  const scheduler = new Scheduler<TestCall>({
    ...{ maxCommands: 3, maxBytes: 100, maxDelayMs: 0, inFlight: 1 },
    ...options,
    send(calls) {
      sent.push(calls.map(({ id }) => id));
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const make = (call: { channel?: string; size?: number; goesAlone?: boolean } = {}) => {
    const id = count++;
    return new TestCall(id, [call.channel ?? `c${id}`], call);
  };
  const add = (call: Parameters<typeof make>[0] = {}) => {
    const made = make(call);
    scheduler.add(made);
    return made;
  };
  /** Ends a request, the oldest by default, and waits for the microtasks that follow. */
  const end = async (index = 0) => {
    ends.splice(index, 1)[0]?.();
    for (let microtask = 0; microtask < 10; microtask++) await Promise.resolve();
  };
  return { scheduler, sent, make, add, end };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;

test("calls that fill a request by number or bytes are sent at once", () => {
  const byNumber = heldRequests();
  byNumber.add();
  byNumber.add();
  expect(byNumber.sent).toEqual([]);
  byNumber.add();
  expect(byNumber.sent).toEqual([[0, 1, 2]]);
  const byBytes = heldRequests();
  byBytes.add({ size: 99 });
  expect(byBytes.sent).toEqual([]);
  byBytes.add({ size: 1 });
  expect(byBytes.sent).toEqual([[0, 1]]);
});

test("a request that was sent at once starts a new count of numbers and bytes", async () => {
  const { add, sent } = heldRequests({ inFlight: 9 });
  for (let call = 0; call < 5; call++) add({ size: 33 });
  expect(sent).toEqual([[0, 1, 2]]);
  await turn();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
});

test("calls that wait for a place are sent when a request ends: at once if they fill one, else after the turn", async () => {
  const { add, end, sent } = heldRequests();
  for (let call = 0; call < 8; call++) add();
  expect(sent).toEqual([[0, 1, 2]]);
  await end();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  await end();
  expect(sent).toHaveLength(2);
  await turn();
  expect(sent.at(-1)).toEqual([6, 7]);
});

test("no more requests are in flight than inFlight", async () => {
  const { add, end, sent } = heldRequests({ inFlight: 2 });
  for (let call = 0; call < 9; call++) add();
  await turn();
  expect(sent).toHaveLength(2);
  await end();
  expect(sent).toHaveLength(3);
});

test("a call with maxDelayMs waits that long for others", async () => {
  const { add, sent } = heldRequests({ maxDelayMs: 30 });
  const started = performance.now();
  add();
  await turn();
  add();
  await turn();
  expect(sent).toEqual([]);
  while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(sent).toEqual([[0, 1]]);
  expect(performance.now() - started).toBeGreaterThan(28);
});

test("calls whose delay is over go out after the turn in which a request ends", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 5 });
  for (let call = 0; call < 4; call++) add();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(sent).toEqual([[0, 1, 2]]);
  await end();
  await turn();
  expect(sent).toEqual([[0, 1, 2], [3]]);
});

test("calls whose delay is over do not wait for the delay of a later call", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 50 });
  for (let call = 0; call < 4; call++) add();
  await new Promise((resolve) => setTimeout(resolve, 60));
  add();
  await end();
  await turn();
  expect(sent).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
});

test("a call waits for its whole delay, though a request ends meanwhile", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 50 });
  add();
  while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  add();
  await end();
  await turn();
  await turn();
  expect(sent).toEqual([[0]]);
  while (sent.length === 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(sent).toEqual([[0], [1]]);
});

test("a delay keeps no timer once all its calls are sent or have left", () => {
  const before = timers();
  const sent = heldRequests({ maxDelayMs: 60_000 });
  sent.add();
  expect(timers()).toBe(before + 1);
  sent.add();
  sent.add();
  expect(timers()).toBe(before);
  const left = heldRequests({ maxDelayMs: 60_000 });
  const calls = [left.add(), left.add()];
  for (const call of calls) left.scheduler.leave(call);
  expect(timers()).toBe(before);
});

test("a delay keeps no timer if a request that ends makes place for all its calls", async () => {
  const { add, end, sent } = heldRequests({ maxDelayMs: 60_000 });
  const before = timers();
  for (let call = 0; call < 6; call++) add();
  expect(sent).toHaveLength(1);
  await end();
  expect([sent.length, timers()]).toEqual([2, before]);
});

test("a call that goes alone outside of inFlight leaves no place behind when it ends", async () => {
  const { add, end, sent } = heldRequests({ sendsAloneAtOnce: true });
  add({ goesAlone: true });
  await end();
  for (let call = 0; call < 6; call++) add();
  await turn();
  expect(sent).toEqual([[0], [1, 2, 3]]);
});

test("a call that leaves lets the calls behind it go", async () => {
  const { scheduler, make, add, sent } = heldRequests({ inFlight: 2 });
  const first = make({ channel: "a" });
  first.isPending = true;
  scheduler.add(first);
  add({ channel: "a" });
  await turn();
  expect(sent).toEqual([]);
  scheduler.leave(first);
  await turn();
  expect(sent).toHaveLength(1);
});

test("a call whose key arrives is sent after the turn, or at once if it goes alone", async () => {
  for (const goesAlone of [false, true]) {
    const { scheduler, make, sent } = heldRequests();
    const call = make({ goesAlone });
    call.isPending = true;
    scheduler.add(call);
    await turn();
    expect(sent).toEqual([]);
    scheduler.wake(call);
    expect(sent).toHaveLength(goesAlone ? 1 : 0);
    await turn();
    expect(sent).toHaveLength(1);
  }
});
