import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { Fifo } from "../../src/limits/fifo.ts";
import { RequestPlaces } from "../../src/transport/request-places.ts";
import type { Waiter } from "../../src/transport/waiting-calls.ts";
import { WaitingCalls } from "../../src/transport/waiting-calls.ts";

/** A call that a test can cancel. */
class TestWaiter implements Waiter<string> {
  readonly call = {
    endsAt: Number.POSITIVE_INFINITY,
    isOverdue: (now: number): boolean => this.call.endsAt <= now,
    onCancel: (cancel: (reason: ConnectError) => void) => {
      this.#cancel = cancel;
    },
    reject: (reason: unknown) => this.rejected.push(reason),
  };
  readonly rejected: unknown[];
  readonly #start: (place: string) => void;
  #cancel: ((reason: ConnectError) => void) | undefined;

  constructor(start: (place: string) => void, rejected: unknown[] = []) {
    this.#start = start;
    this.rejected = rejected;
  }

  start(place: string): void {
    this.#start(place);
  }

  cancel(reason = new ConnectError("enough", Code.DeadlineExceeded)): void {
    this.#cancel?.(reason);
  }
}

function setUp(maxQueued?: number) {
  const started: string[] = [];
  const rejected: unknown[] = [];
  const reasons: unknown[] = [];
  const waiting = new WaitingCalls<string>({ maxQueued }, (reason) => reasons.push(reason));
  const add = (name: string) => {
    const waiter = new TestWaiter((place) => started.push(`${name} at ${place}`), rejected);
    waiting.add(waiter);
    return waiter;
  };
  return { waiting, started, rejected, reasons, add };
}

describe("calls that wait", () => {
  test("waiting calls get places in the order in which they came", () => {
    const { waiting, started, add } = setUp();
    for (const name of ["a", "b", "c"]) add(name);
    expect(waiting.length).toBe(3);
    for (const place of ["1", "2", "3", "4"]) waiting.next(place);
    expect([started, waiting.length]).toEqual([["a at 1", "b at 2", "c at 3"], 0]);
  });

  test("a canceled call leaves, and its reason is reported once", () => {
    const { waiting, started, reasons, add } = setUp();
    const [a] = [add("a"), add("b")];
    const reason = new ConnectError("enough", Code.DeadlineExceeded);
    a?.cancel(reason);
    a?.cancel(reason);
    expect([waiting.length, reasons]).toEqual([1, [reason]]);
    waiting.next("1");
    expect(started).toEqual(["b at 1"]);
  });

  test("the cancellation of a call that has a place is not reported", () => {
    const { waiting, reasons, add } = setUp();
    const a = add("a");
    waiting.next("1");
    a.cancel();
    expect([waiting.length, reasons]).toEqual([0, []]);
  });

  test("a call gets no place after its deadline, though no timer has ended it yet", () => {
    const { waiting, started, add } = setUp();
    const [a] = [add("a"), add("b")];
    Object.assign(a?.call ?? {}, { endsAt: performance.now() - 1 });
    expect([waiting.next("1"), started, waiting.next("2")]).toEqual([true, ["b at 1"], false]);
  });

  test("a call beyond maxQueued is rejected at once", () => {
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

  test("a call beyond maxQueued waits where an opening connection will take it", () => {
    const { waiting, rejected } = setUp(1);
    for (let n = 0; n < 4; n++) waiting.add(new TestWaiter(() => {}, rejected), 2);
    expect([waiting.length, rejected.length]).toEqual([3, 1]);
  });

  test("the seats of canceled calls are swept when they outnumber the waiting calls by 1,000", () => {
    const keep = vi.spyOn(Fifo.prototype, "keep");
    try {
      const { waiting, started, add } = setUp();
      add("a");
      const sweeps = () => keep.mock.calls.length;
      for (let n = 0; n < 1_001; n++) add(`${n}`).cancel();
      expect(sweeps()).toBe(0);
      add("x").cancel();
      expect(sweeps()).toBe(1);
      for (let n = 0; n < 1_001; n++) add(`${n}`).cancel();
      expect(sweeps()).toBe(1);
      add("x").cancel();
      expect(sweeps()).toBe(2);
      waiting.next("1");
      expect([started, waiting.next("2")]).toEqual([["a at 1"], false]);
    } finally {
      keep.mockRestore();
    }
  });

  test("calls that stay get their places in order, though thousands around them are canceled", () => {
    const { waiting, started, add } = setUp();
    const stay: string[] = [];
    for (let n = 0; n < 3_000; n++) {
      const waiter = add(`${n}`);
      if (n % 1_000 === 500) stay.push(`${n} at x`);
      else waiter.cancel();
    }
    expect(waiting.length).toBe(3);
    while (waiting.next("x"));
    expect([started, waiting.length]).toEqual([stay, 0]);
  });

  test("rejectAll rejects thousands over several turns, each with an error of its own", async () => {
    const { waiting, rejected, add } = setUp();
    for (let n = 0; n < 2_500; n++) add(`${n}`);
    waiting.rejectAll(() => new Error("gone"));
    expect([waiting.length, rejected.length]).toEqual([0, 1_000]);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect([rejected.length, new Set(rejected).size]).toEqual([2_500, 2_500]);
  });
});

describe("places of requests", () => {
  const setUpPlaces = (maxInFlight?: number) => {
    const places = new RequestPlaces({ maxInFlight });
    const order: string[] = [];
    const take = (name: string) => {
      const waiter = new TestWaiter(() => order.push(name));
      places.start({ call: waiter.call, start: () => waiter.start("") });
      return waiter;
    };
    return { places, order, take };
  };

  test("requests have maxInFlight places, and a place that is left goes to the first request that waits", () => {
    const { places, order, take } = setUpPlaces(2);
    for (const name of ["a", "b", "c", "d"]) take(name);
    expect(order).toEqual(["a", "b"]);
    places.leave();
    expect(order).toEqual(["a", "b", "c"]);
    places.leave();
    expect(order).toEqual(["a", "b", "c", "d"]);
    places.leave();
    places.leave();
    for (const name of ["e", "f", "g"]) take(name);
    expect(order).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test("a place goes to no request that has left", () => {
    const { places, order, take } = setUpPlaces(1);
    take("a");
    take("b").cancel();
    places.leave();
    take("c");
    take("d");
    expect(order).toEqual(["a", "c"]);
  });

  test("a place that only overdue requests wait for is free for the next request", () => {
    const { places, order, take } = setUpPlaces(1);
    take("a");
    for (const name of ["b", "c"]) Object.assign(take(name).call, { endsAt: performance.now() - 1 });
    places.leave();
    expect(order).toEqual(["a"]);
    take("d");
    take("e");
    expect(order).toEqual(["a", "d"]);
  });

  test("a request that starts while another ends at its start comes after those that wait", () => {
    const { places, order, take } = setUpPlaces(1);
    take("a");
    const { call } = new TestWaiter(() => {});
    places.start({
      call,
      start() {
        places.leave();
        take("d");
      },
    });
    take("c");
    places.leave();
    expect(order).toEqual(["a", "c"]);
    places.leave();
    expect(order).toEqual(["a", "c", "d"]);
  });

  test("a request beyond maxQueued is rejected", () => {
    const places = new RequestPlaces({ maxInFlight: 1, maxQueued: 1 });
    const rejected: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      const waiter = new TestWaiter(() => {}, rejected);
      places.start({ call: waiter.call, start: () => {} });
    }
    expect(rejected).toHaveLength(1);
  });

  test("thousands of requests that end at once, one in the start of the other, do not overflow the stack", () => {
    const places = new RequestPlaces({ maxInFlight: 1 });
    const { call } = new TestWaiter(() => {});
    let ended = 0;
    places.start({ call, start: () => {} });
    const start = () => {
      ended++;
      places.leave();
    };
    for (let n = 0; n < 50_000; n++) places.start({ call, start });
    places.leave();
    expect(ended).toBe(50_000);
  });

  test("requests have places without limit if maxInFlight is undefined", () => {
    const { order, take } = setUpPlaces();
    for (let n = 0; n < 2_000; n++) take(`${n}`);
    expect(order).toHaveLength(2_000);
  });
});
