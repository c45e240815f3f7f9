import { afterEach, expect, test, vi } from "vitest";
import {
  areCallsTraced,
  areHandlersTraced,
  callChannel,
  listen,
  proxyChannel,
} from "../../src/tracing/channels.ts";

const channel = callChannel ?? expect.fail("this Node.js has no tracing channels");

afterEach(() => {
  Reflect.deleteProperty(channel, "hasSubscribers");
});

test("a subscriber gets the events until it ends its listening", () => {
  const start = vi.fn();
  const stop = listen(callChannel, { start });
  channel.start.publish({ method: "publish" } as never);
  stop();
  channel.start.publish({ method: "history" } as never);
  expect(start.mock.calls.map(([call]) => call)).toEqual([{ method: "publish" }]);
});

test("listening does nothing in a runtime without channels", () => {
  expect(listen(undefined, {})()).toBeUndefined();
});

test("calls and handlers are traced while somebody listens to one of their events", () => {
  expect([areCallsTraced(), areHandlersTraced()]).toEqual([false, false]);
  const stopCalls = listen(callChannel, { asyncEnd() {} });
  expect([areCallsTraced(), areHandlersTraced()]).toEqual([true, false]);
  stopCalls();
  const stopRequests = listen(proxyChannel, { error() {} });
  expect([areCallsTraced(), areHandlersTraced()]).toEqual([false, true]);
  stopRequests();
});

test.each(["start", "end", "asyncStart", "asyncEnd", "error"] as const)(
  "calls are traced for a subscriber of %s, where the channel itself does not tell",
  (event) => {
    Object.defineProperty(channel, "hasSubscribers", { value: undefined, configurable: true });
    expect(areCallsTraced()).toBe(false);
    const stop = listen(callChannel, { [event]() {} });
    expect(areCallsTraced()).toBe(true);
    stop();
    expect(areCallsTraced()).toBe(false);
  },
);
