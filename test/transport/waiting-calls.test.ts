import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { Cancellation } from "../../src/limits/run-within.ts";
import { RequestPlaces } from "../../src/transport/request-places.ts";
import { WaitingCalls } from "../../src/transport/waiting-calls.ts";

/** A call that a test can cancel. */
class TestCancellation implements Cancellation {
  hasEnded = false;
  #cancel: ((reason: ConnectError) => void) | undefined;

  onCancel(cancel: (reason: ConnectError) => void): void {
    this.#cancel = cancel;
  }

  countSent(): void {
    // Nobody asks.
  }

  cancel(reason = new ConnectError("enough", Code.DeadlineExceeded)): void {
    this.hasEnded = true;
    this.#cancel?.(reason);
  }
}

function setUp(maxQueued?: number) {
  const started: string[] = [];
  const rejected: unknown[] = [];
  const reasons: unknown[] = [];
  const waiting = new WaitingCalls<string>({ maxQueued }, (reason) => reasons.push(reason));
  const add = (name: string) => {
    const call = new TestCancellation();
    waiting.add(
      call,
      (place) => started.push(`${name} at ${place}`),
      (reason) => rejected.push(reason),
    );
    return call;
  };
  return { waiting, started, rejected, reasons, add };
}

describe("calls that wait", () => {
  test("get places in the order in which they came", () => {
    const { waiting, started, add } = setUp();
    for (const name of ["a", "b", "c"]) add(name);
    expect(waiting.length).toBe(3);
    for (const place of ["1", "2", "3", "4"]) waiting.next(place);
    expect([started, waiting.length]).toEqual([["a at 1", "b at 2", "c at 3"], 0]);
  });

  test("leave when they are canceled, and the reason is told once", () => {
    const { waiting, started, reasons, add } = setUp();
    const [a] = [add("a"), add("b")];
    const reason = new ConnectError("enough", Code.DeadlineExceeded);
    a?.cancel(reason);
    a?.cancel(reason);
    expect([waiting.length, reasons]).toEqual([1, [reason]]);
    waiting.next("1");
    expect(started).toEqual(["b at 1"]);
  });

  test("are not told of a cancellation once they have a place", () => {
    const { waiting, reasons, add } = setUp();
    const a = add("a");
    waiting.next("1");
    a.cancel();
    expect([waiting.length, reasons]).toEqual([0, []]);
  });

  test("are no more than maxQueued: the next one is rejected at once", () => {
    const { waiting, started, rejected, add } = setUp(2);
    const [a] = [add("a"), add("b"), add("c")];
    expect(rejected).toMatchObject([{ message: expect.stringContaining("2 calls wait to be sent") }]);
    a?.cancel();
    add("d");
    expect([rejected.length, waiting.length]).toEqual([1, 2]);
    waiting.next("1");
    waiting.next("2");
    expect(started).toEqual(["b at 1", "d at 2"]);
  });

  test("are rejected all together, each with an error of its own, thousands over several turns", async () => {
    const { waiting, rejected, add } = setUp();
    for (let n = 0; n < 2_500; n++) add(`${n}`);
    waiting.rejectAll(() => new Error("gone"));
    expect([waiting.length, rejected.length]).toEqual([0, 1_000]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([rejected.length, new Set(rejected).size]).toEqual([2_500, 2_500]);
  });

  test("do not heap up as thousands come and leave", () => {
    const { waiting, add } = setUp();
    add("first");
    for (let n = 0; n < 100_000; n++) add(`${n}`).cancel();
    expect(waiting.length).toBe(1);
    const started = performance.now();
    waiting.next("1");
    expect(performance.now() - started).toBeLessThan(50);
  });
});

describe("places of requests", () => {
  test("are as many as maxInFlight, and a place that is left goes to the first that waits", async () => {
    const places = new RequestPlaces({ maxInFlight: 2 });
    const take = () => places.take(new TestCancellation());
    expect([take(), take()]).toEqual([undefined, undefined]);
    const order: string[] = [];
    const third = take()?.then(() => order.push("third"));
    const fourth = take()?.then(() => order.push("fourth"));
    places.leave();
    await third;
    expect(order).toEqual(["third"]);
    places.leave();
    await fourth;
    expect(order).toEqual(["third", "fourth"]);
    places.leave();
    places.leave();
    expect([take(), take(), take()]).toEqual([undefined, undefined, expect.any(Promise)]);
  });

  test("have no limit where there is none", () => {
    const places = new RequestPlaces({});
    const taken = Array.from({ length: 2_000 }, () => places.take(new TestCancellation()));
    expect(new Set(taken)).toEqual(new Set([undefined]));
  });
});
