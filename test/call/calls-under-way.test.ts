import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallsUnderWay } from "../../src/call/calls-under-way.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The end of a client, and whether it is over. */
function ending(calls: CallsUnderWay, timeoutMs: number) {
  const state = { isOver: false };
  const end = calls.end(timeoutMs).then(() => {
    state.isOver = true;
  });
  return { state, end };
}

test("a client without calls ends at once, and then refuses calls", async () => {
  const calls = new CallsUnderWay();
  expect(calls.hasEnded).toBe(false);
  calls.enter("publish");
  calls.leave();
  await calls.end(1_000);
  expect([calls.hasEnded, vi.getTimerCount()]).toEqual([true, 0]);
  expect(() => calls.enter("publish")).toThrow(
    expect.objectContaining({
      name: "CentRequestError",
      message: "publish: the client is closed",
      method: "publish",
    }),
  );
});

test("a client waits for the last of its calls, and leaves no timer behind", async () => {
  const calls = new CallsUnderWay();
  calls.enter("publish");
  calls.enter("info");
  const { state, end } = ending(calls, 1_000);
  calls.leave();
  await vi.advanceTimersByTimeAsync(999);
  expect(state.isOver).toBe(false);
  calls.leave();
  await end;
  expect([state.isOver, vi.getTimerCount()]).toEqual([true, 0]);
});

test("a client waits no longer than its time limit", async () => {
  const calls = new CallsUnderWay();
  calls.enter("publish");
  const { state } = ending(calls, 1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(state.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(state.isOver).toBe(true);
});

test("calls that come and go before the end do not end it early", async () => {
  const calls = new CallsUnderWay();
  calls.enter("publish");
  calls.enter("publish");
  calls.leave();
  calls.leave();
  calls.enter("publish");
  const { state } = ending(calls, 1_000);
  await vi.advanceTimersByTimeAsync(10);
  expect(state.isOver).toBe(false);
});
