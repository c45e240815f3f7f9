import { expect, test } from "vitest";
import { ChannelQueues } from "../../../src/many-calls/queue/channel-queues.ts";
import { TestCall } from "../../harness/test-call.ts";

/** Queues with calls, of which each has a key, and perhaps a channel. */
function queuesOf(calls: readonly { key?: string; channels?: readonly string[]; isPending?: boolean }[]) {
  const queues = new ChannelQueues<TestCall>();
  const made = calls.map(({ channels = [], ...fields }, id) => {
    const call = Object.assign(new TestCall(id, channels), fields);
    queues.add(call);
    return call;
  });
  const take = (maxCommands = 2) =>
    queues.takeShared({ maxCommands, maxBytes: 100 })?.calls.map(({ id }) => id);
  return { queues, calls: made, take };
}

test("calls share a request only with calls of the same key, and the keys take turns", () => {
  const { take } = queuesOf(["k", "k", "k", "k", "k", "l", "l"].map((key) => ({ key })));
  expect([take(), take(), take(), take(), take()]).toEqual([[0, 1], [5, 6], [2, 3], [4], undefined]);
});

test("calls about one channel keep their order, though their keys differ", () => {
  const { queues, take } = queuesOf(["k", "l", "k"].map((key) => ({ key, channels: ["a"] })));
  expect([take(), take()]).toEqual([[0], undefined]);
  expect(queues.waiting).toBe(2);
});

test("a call without a channel that waits for its key is sent once, after the key has come", () => {
  const { queues, calls, take } = queuesOf([{ isPending: true }, {}]);
  expect([take(), take(), queues.waiting]).toEqual([[1], undefined, 1]);
  queues.wake(calls[0] as TestCall);
  expect([take(), take(), queues.waiting, queues.hasListed]).toEqual([[0], undefined, 0, false]);
});

test("a call that waits for its key holds back the later calls about its channels", () => {
  const { queues, calls, take } = queuesOf([
    { channels: ["a", "b"], isPending: true },
    { channels: ["a"] },
    { channels: ["b"] },
    { channels: ["c"] },
  ]);
  expect([take(9), take(9)]).toEqual([[3], undefined]);
  queues.wake(calls[0] as TestCall);
  expect([take(9), queues.waiting]).toEqual([[0, 1, 2], 0]);
});

test("a call that leaves twice, or after it was sent, leaves the count of the waiting calls right", () => {
  const { queues, calls, take } = queuesOf([{}, {}, {}, {}]);
  queues.leave(calls[0] as TestCall);
  queues.leave(calls[0] as TestCall);
  expect(queues.waiting).toBe(3);
  expect(take()).toEqual([1, 2]);
  queues.leave(calls[1] as TestCall);
  expect([queues.waiting, take(), queues.waiting]).toEqual([1, [3], 0]);
});
