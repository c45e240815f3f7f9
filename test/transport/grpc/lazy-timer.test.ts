import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withDefaults } from "../../../src/transport/grpc/connection-settings.ts";
import { LazyTimer } from "../../../src/transport/grpc/lazy-timer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(ms = 100, isWanted = () => true) {
  const act = vi.fn();
  return { act, timer: new LazyTimer(() => ms, isWanted, act) };
}

test("a lazy timer acts when nothing has happened for its time", () => {
  const { act, timer } = setUp();
  timer.start();
  vi.advanceTimersByTime(99);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test("a lazy timer waits for the rest after something has happened", () => {
  const { act, timer } = setUp();
  timer.start();
  vi.advanceTimersByTime(60);
  timer.happened();
  timer.start();
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(99);
  expect([timer.elapsedMs, act.mock.calls.length]).toEqual([99, 0]);
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

test("a lazy timer that is restarted begins again", () => {
  const { act, timer } = setUp();
  vi.advanceTimersByTime(80);
  timer.restart();
  expect(timer.elapsedMs).toBe(0);
  vi.advanceTimersByTime(99);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

test("a lazy timer does not act if it is stopped, or not wanted when it fires", () => {
  const stopped = setUp();
  stopped.timer.start();
  stopped.timer.stop();
  let isWanted = false;
  const unwanted = setUp(100, () => isWanted);
  unwanted.timer.start();
  vi.advanceTimersByTime(100);
  expect([stopped.act.mock.calls, unwanted.act.mock.calls, vi.getTimerCount()]).toEqual([[], [], 0]);
  isWanted = true;
  unwanted.timer.start();
  vi.advanceTimersByTime(100);
  expect(unwanted.act).toHaveBeenCalledOnce();
});

test("a lazy timer takes the longest time of setTimeout, and is never set for a longer time", () => {
  const longest = setUp(2 ** 31 - 1);
  longest.timer.start();
  expect(vi.getTimerCount()).toBe(1);
  longest.timer.stop();
  const longer = setUp(2 ** 31);
  longer.timer.start();
  expect(vi.getTimerCount()).toBe(0);
});

test("a gRPC connection has the documented settings by default, or those of the client", () => {
  const defaults = {
    pingIntervalMs: 310_000,
    pingTimeoutMs: 5_000,
    pingIdleConnection: false,
    idleConnectionTimeoutMs: 900_000,
  };
  expect(withDefaults({}, { connectTimeoutMs: 7 })).toEqual({ ...defaults, connectTimeoutMs: 7 });
  const given = { pingIntervalMs: 1, pingTimeoutMs: 2, pingIdleConnection: true, idleConnectionTimeoutMs: 3 };
  expect(withDefaults(given, {})).toEqual(given);
});
