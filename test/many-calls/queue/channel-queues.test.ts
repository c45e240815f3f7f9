import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QueuedBatch } from "../../../src/many-calls/queue/channel-queues.ts";
import { ChannelQueues } from "../../../src/many-calls/queue/channel-queues.ts";
import { TestCall } from "../../harness/test-call.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const ids = (batch: QueuedBatch<TestCall> | undefined) => batch?.calls.map(({ id }) => id);

/** Queues, and a `take` of a shared request of up to `maxCommands` calls and `maxBytes`. */
function queuesWith(maxCommands: number, maxBytes = 100) {
  const queues = new ChannelQueues<TestCall>();
  let count = 0;
  const add = (channels: readonly string[], options?: { size?: number; goesAlone?: boolean }) => {
    const call = new TestCall(count++, channels, options);
    queues.add(call);
    return call;
  };
  const take = () => queues.takeShared({ maxCommands, maxBytes });
  return { queues, add, take };
}

describe("shared requests", () => {
  test("a shared request takes all calls about a channel, and leaves other channels to other requests", () => {
    const { add, take } = queuesWith(3);
    for (const channel of ["a", "b", "a", "b", "a", "b"]) add([channel]);
    expect([ids(take()), ids(take())]).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(take()).toBeUndefined();
  });

  test("a shared request is full at maxCommands or maxBytes, but always fits one call", () => {
    const { add, take } = queuesWith(3, 10);
    for (const size of [6, 4, 1, 50, 1, 1, 1, 1]) add([], { size });
    expect([take(), take(), take(), take()].map(ids)).toEqual([[0, 1], [2], [3], [4, 5, 6]]);
  });

  test("a shared request skips a channel until the request in flight about it ends", () => {
    const { queues, add, take } = queuesWith(1);
    add(["a"]);
    add(["a"]);
    const first = take();
    expect([ids(first), take()]).toEqual([[0], undefined]);
    if (first !== undefined) queues.end(first);
    expect(ids(take())).toEqual([1]);
  });

  test("a call that goes alone is sent in its turn, in no shared request", () => {
    const { queues, add, take } = queuesWith(10);
    add(["a"]);
    add(["a"], { goesAlone: true });
    add(["a"]);
    const first = take();
    expect([ids(first), queues.takeAlone()]).toEqual([[0], undefined]);
    if (first !== undefined) queues.end(first);
    const second = queues.takeAlone();
    expect([ids(second), take()]).toEqual([[1], undefined]);
    if (second !== undefined) queues.end(second);
    expect(ids(take())).toEqual([2]);
  });
});

describe("calls about several channels", () => {
  test("a call about several channels waits for all of them, and later calls wait for it", () => {
    const { queues, add, take } = queuesWith(1);
    for (const channels of [["a"], ["b"], ["a", "b", "a"], ["b"]]) add(channels);
    const [first, second] = [take(), take()];
    expect([ids(first), ids(second), take()]).toEqual([[0], [1], undefined]);
    if (first !== undefined) queues.end(first);
    expect(take()).toBeUndefined();
    if (second !== undefined) queues.end(second);
    const third = take();
    expect([ids(third), take()]).toEqual([[2], undefined]);
    if (third !== undefined) queues.end(third);
    expect(ids(take())).toEqual([3]);
  });

  test("a call about several channels shares a request with the calls before and after it", () => {
    const { add, take } = queuesWith(10);
    for (const channels of [["a"], ["b"], ["a", "b"], ["b"], ["a"]]) add(channels);
    expect(ids(take())?.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test("a call about several channels that leaves lets the calls behind it go", () => {
    const { queues, add, take } = queuesWith(1);
    add(["b"]);
    const several = add(["a", "b"]);
    add(["a"]);
    const first = take();
    expect([ids(first), take()]).toEqual([[0], undefined]);
    queues.leave(several);
    expect([ids(take()), queues.waiting]).toEqual([[2], 0]);
  });
});

test("a call that has left keeps neither its message nor its place", () => {
  const { queues, add, take } = queuesWith(1);
  const [first, second, third, fourth] = [add(["a"]), add(["a"]), add(["a"]), add(["a"])];
  const { message } = third;
  const batch = take();
  for (const call of [third, first]) queues.leave(call);
  expect([third.message === message, first.message.$typeName]).toEqual([false, message.$typeName]);
  expect(take()).toBeUndefined();
  if (batch !== undefined) queues.end(batch);
  queues.leave(second);
  expect([ids(take()), take()]).toEqual([[3], undefined]);
  expect(fourth.message).toEqual(message);
});

test.each<[string, (n: number) => string[]]>([
  ["about the busy channel", () => ["a"]],
  ["about channels of their own", (n) => [`c${n}`]],
  ["about no channel", () => []],
])("calls %s that have left are garbage-collected, though a request hangs", async (_title, channelsOf) => {
  const { queues, add, take } = queuesWith(1);
  add(["a"]);
  expect(take()?.calls).toHaveLength(1);
  const left = Array.from({ length: 3_000 }, (_, n) => {
    const call = add(channelsOf(n));
    queues.leave(call);
    return new WeakRef(call);
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
  expect(left.slice(0, 1_000).filter((call) => call.deref() !== undefined)).toEqual([]);
  expect(queues.waiting).toBe(0);
});

test("calls that stay are sent, though thousands around them leave", () => {
  const { queues, add, take } = queuesWith(10);
  add(["a"]);
  const busy = take();
  const stay: number[] = [];
  for (let n = 0; n < 3_000; n++) {
    const call = add(["a"]);
    if (n % 1_000 === 500) stay.push(call.id);
    else queues.leave(call);
  }
  if (busy !== undefined) queues.end(busy);
  expect([ids(take()), queues.waiting]).toEqual([stay, 0]);
});

test("calls about channels of their own are sent, though thousands of others leave", () => {
  const { queues, add, take } = queuesWith(10);
  const stay: number[] = [];
  for (let n = 0; n < 3_000; n++) {
    const call = add([`c${n}`], { goesAlone: n % 2_000 === 0 });
    if (n % 1_000 === 0) stay.push(call.id);
    else queues.leave(call);
  }
  const sent = [ids(take()), ids(queues.takeAlone()), ids(queues.takeAlone())].flat();
  expect([sent.sort(), queues.waiting]).toEqual([stay, 0]);
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      goesAlone: fc.nat(3).map((n) => n === 0),
      channels: fc.array(fc.constantFrom(..."abc"), { maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ take: fc.constantFrom("shared", "alone") }) },
  { weight: 2, arbitrary: fc.record({ end: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ leave: fc.nat() }) },
);

test("every call that stays is sent once, in its channels' order, with one request per channel at a time", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60, size: "max" }),
      fc.integer({ min: 1, max: 4 }),
      (steps, most) => {
        const queues = new ChannelQueues<TestCall>();
        const calls: TestCall[] = [];
        const sent: number[] = [];
        let underWay: QueuedBatch<TestCall>[] = [];
        const channelsIn = (batch: QueuedBatch<TestCall>) => batch.calls.flatMap(({ channels }) => channels);
        const take = (how: string) => {
          const size = { maxCommands: most, maxBytes: 1e6 };
          const batch = how === "alone" ? queues.takeAlone() : queues.takeShared(size);
          if (batch === undefined) return false;
          expect(batch.calls.every(({ hasLeft }) => !hasLeft)).toBe(true);
          expect(batch.calls.length).toBeGreaterThan(0);
          expect(batch.calls.length).toBeLessThanOrEqual(how === "shared" ? most : 1);
          for (const { goesAlone } of batch.calls) expect(goesAlone).toBe(how === "alone");
          const busy = new Set(underWay.flatMap(channelsIn));
          for (const channel of channelsIn(batch)) expect(busy).not.toContain(channel);
          sent.push(...batch.calls.map(({ id }) => id));
          underWay.push(batch);
          return true;
        };
        const end = (batch: QueuedBatch<TestCall>) => {
          underWay = underWay.filter((other) => other !== batch);
          queues.end(batch);
        };
        for (const now of steps) {
          if ("channels" in now) {
            const call = new TestCall(calls.length, now.channels, now);
            calls.push(call);
            queues.add(call);
          } else if ("take" in now) take(now.take);
          else if ("end" in now) {
            const batch = underWay[now.end % underWay.length];
            if (batch !== undefined) end(batch);
          } else {
            const call = calls[now.leave % calls.length];
            if (call !== undefined) queues.leave(call);
          }
        }
        for (;;) {
          const more = take("alone") || take("shared");
          const [batch] = underWay;
          if (batch !== undefined) end(batch);
          else if (!more) break;
        }
        expect(new Set(sent).size).toBe(sent.length);
        expect(sent).toEqual(
          expect.arrayContaining(calls.flatMap(({ id, hasLeft }) => (hasLeft ? [] : [id]))),
        );
        for (const channel of "abc") {
          const order = sent.filter((id) => [calls[id]?.channels].flat().includes(channel));
          expect(order, channel).toEqual([...order].sort((a, b) => a - b));
        }
        expect([queues.waiting, queues.hasListed]).toEqual([0, false]);
      },
    ),
    { numRuns: 1_000 },
  );
});
