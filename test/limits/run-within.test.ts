import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import type { EndableWork } from "../../src/limits/run-within.ts";
import {
  asUnprocessed,
  isUnprocessed,
  LimitedWork,
  msUntil,
  runWithin,
  startWithin,
} from "../../src/limits/run-within.ts";
import { isOneOfMany } from "../../src/limits/stack-traces.ts";
import { rejection } from "../harness/expected-error.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Runs work, and holds its result weakly. */
async function weakResult(timeoutMs: number): Promise<WeakRef<object>> {
  const result = await runWithin(timeoutMs, undefined, async () => ({ large: "x".repeat(1_000) }));
  return new WeakRef(result);
}

test("runWithin does not keep the result of ended work until its time limit", async () => {
  const results = [await weakResult(600_000), await weakResult(600_000), await weakResult(600_000)];
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
  expect(results.map((result) => result.deref())).toEqual([undefined, undefined, undefined]);
});

test("work that settles after its time limit does not change the outcome", async () => {
  const late = Promise.withResolvers<string>();
  const work = runWithin(5, undefined, () => late.promise);
  await expect(work).rejects.toThrow("no complete reply within 5 ms");
  late.resolve("late");
  await expect(work).rejects.toThrow("no complete reply within 5 ms");
});

interface Limits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly group?: Set<EndableWork>;
}

/** Work that has begun, and the outcomes it settled with. */
function begun({ timeoutMs = 0, signal, group }: Limits = {}) {
  const values: unknown[] = [];
  const reasons: unknown[] = [];
  const work = new LimitedWork<unknown>(
    timeoutMs,
    signal,
    (value) => values.push(value),
    (reason) => reasons.push(reason),
    group,
  );
  work.begin();
  return { work, values, reasons, error: () => reasons[0] as ConnectError };
}

const ending = new ConnectError("the connection ended", Code.Unavailable);

describe("limited work", () => {
  test("work settles once: a later value or error changes nothing", () => {
    const { work, values, reasons } = begun();
    work.resolve("first");
    work.resolve("second");
    work.reject(new Error("late"));
    expect([values, reasons, work.hasEnded]).toEqual([["first"], [], false]);
    const failed = begun();
    failed.work.reject("first");
    failed.work.reject("second");
    failed.work.resolve("late");
    expect([failed.values, failed.reasons]).toEqual([[], ["first"]]);
  });

  test("work is in its group until it settles", async () => {
    const group = new Set<EndableWork>();
    const { work } = begun({ group });
    expect([...group]).toEqual([work]);
    work.resolve(1);
    expect(group.size).toBe(0);
    const failing = begun({ group });
    failing.work.reject(1);
    expect(group.size).toBe(0);
    const running = startWithin(0, undefined, (one) => void setTimeout(() => one.resolve(1)), group);
    expect(group.size).toBe(1);
    await running;
    expect(group.size).toBe(0);
    const promised = runWithin(undefined, undefined, async () => group.size, group);
    expect(await promised).toBe(1);
  });

  test("work that is ended rejects with the reason, and its canceller gets the reason once", () => {
    const { work, reasons } = begun();
    const cancel = vi.fn();
    work.onCancel(cancel);
    expect(cancel).not.toHaveBeenCalled();
    work.end(ending);
    expect(reasons).toEqual([ending]);
    expect(work.hasEnded).toBe(true);
    expect(cancel.mock.calls).toEqual([[ending]]);
    const late = vi.fn();
    work.onCancel(late);
    expect(late.mock.calls).toEqual([[ending]]);
  });

  test("work that has settled calls no canceller", () => {
    const { work } = begun();
    const cancel = vi.fn();
    work.onCancel(cancel);
    work.resolve(1);
    work.end(ending);
    work.abort();
    expect(cancel).not.toHaveBeenCalled();
  });

  test("work counts the requests of its parts, and marks an error where none was sent", () => {
    const { work: whole } = begun();
    const { work: part, reasons } = begun();
    part.within = whole;
    expect([whole.sent, part.sent]).toEqual([undefined, undefined]);
    part.countSent(0);
    expect([whole.sent, part.sent]).toEqual([0, 0]);
    part.countSent(1);
    part.countSent(1);
    part.countSent(-1);
    expect([whole.sent, part.sent]).toEqual([1, 1]);
    part.end(new ConnectError("ended"));
    expect(isUnprocessed(reasons[0] as object)).toBeUndefined();
    expect(whole.failureWithin).toBe(reasons[0]);

    const unsent = begun();
    unsent.work.countSent(0);
    unsent.work.end(new ConnectError("ended"));
    expect(isUnprocessed(unsent.error())).toBe(true);
    const marked = asUnprocessed(new Error("processed"), false);
    expect(isUnprocessed(marked)).toBe(false);
    expect(isUnprocessed(asUnprocessed(marked))).toBe(true);
  });

  test("work whose deadline passes rejects with DeadlineExceeded and no stack trace", () => {
    const { work, error } = begun({ timeoutMs: 60_000 });
    work.expire(false);
    expect(error()).toBeInstanceOf(ConnectError);
    expect([error().code, error().rawMessage]).toEqual([
      Code.DeadlineExceeded,
      "no complete reply within 60000 ms",
    ]);
    expect(error().stack).not.toContain("\n    at ");
    expect(isOneOfMany(error())).toBe(false);
    const oneOfMany = begun({ timeoutMs: 60_000 });
    oneOfMany.work.expire(true);
    expect(isOneOfMany(oneOfMany.error())).toBe(true);
  });

  test("work is overdue only once its shared deadline is reached, and not without one", () => {
    const { work } = begun({ timeoutMs: 60_000 });
    const { endsAt } = work;
    expect([endsAt - 1, endsAt, endsAt + 1].map((now) => work.isOverdue(now))).toEqual([false, true, true]);
    work.resolve(1);
    expect(work.isOverdue(endsAt)).toBe(false);
    const { work: unlimited } = begun();
    expect([unlimited.isOverdue(Number.POSITIVE_INFINITY), unlimited.keeper]).toEqual([false, undefined]);
  });

  test("work has its whole time left at first, 0 without a limit, and 1 ms at least", () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1_000);
    try {
      const { work } = begun({ timeoutMs: 50 });
      expect([work.msLeft, begun().work.msLeft]).toEqual([50, 0]);
      now.mockReturnValue(900);
      expect(work.msLeft).toBe(50);
      now.mockReturnValue(1_020.5);
      expect(work.msLeft).toBe(30);
      now.mockReturnValue(2_000);
      expect([work.msLeft, msUntil(1_000), msUntil(2_007)]).toEqual([1, 1, 7]);
      work.resolve(1);
    } finally {
      now.mockRestore();
    }
  });

  test("work with an aborted signal rejects before it starts", async () => {
    const reason = new Error("no longer wanted");
    const start = vi.fn();
    const group = new Set<EndableWork>();
    const error = await rejection(startWithin(50, AbortSignal.abort(reason), start, group));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({
      code: Code.Canceled,
      rawMessage: "the call was aborted",
      cause: reason,
    });
    expect(start).not.toHaveBeenCalled();
    expect(group.size).toBe(0);
  });

  test("work whose signal is aborted later rejects, and settled work no longer listens", async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const settled = begun({ signal: controller.signal });
    settled.work.resolve(1);
    expect(removed).toHaveBeenCalledOnce();
    const { error } = begun({ signal: controller.signal, timeoutMs: 1_000 });
    controller.abort();
    expect(error()).toMatchObject({ code: Code.Canceled, cause: controller.signal.reason });
    expect(settled.reasons).toEqual([]);
  });

  test("work aborted by a ConnectError rejects with it, unmarked", () => {
    const { work, reasons } = begun({ signal: AbortSignal.abort(ending) });
    expect(reasons).toEqual([ending]);
    expect(work.hasEnded).toBe(true);
    expect(isUnprocessed(ending)).toBeUndefined();
  });

  test.each([
    ["TimeoutError", Code.DeadlineExceeded, "out of time"],
    ["AbortError", Code.Canceled, "the call was aborted"],
  ])("work aborted by a DOMException named %s has its code", (name, code, rawMessage) => {
    const cause = new DOMException("out of time", name);
    expect(begun({ signal: AbortSignal.abort(cause) }).error()).toMatchObject({ code, rawMessage, cause });
  });

  test("work aborted by an ordinary error named TimeoutError is canceled", () => {
    const cause = Object.assign(new Error("out of time"), { name: "TimeoutError" });
    expect(begun({ signal: AbortSignal.abort(cause) }).error()).toMatchObject({ code: Code.Canceled });
  });

  test("work rejects with the error of its signal or of its start", async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener").mockImplementation(() => {
      throw new TypeError("odd signal");
    });
    const { work, values, reasons } = begun({ signal });
    work.resolve("value");
    expect(values).toEqual([]);
    expect(reasons).toEqual([new TypeError("odd signal")]);
    expect(removed).toHaveBeenCalledOnce();
    const fail = () => {
      throw new RangeError("no start");
    };
    expect(await rejection(startWithin(0, undefined, fail))).toEqual(new RangeError("no start"));
    expect(await rejection(runWithin(0, undefined, async () => fail()))).toEqual(new RangeError("no start"));
  });
});
