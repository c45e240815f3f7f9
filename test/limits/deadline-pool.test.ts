import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeadlinePool, Expiring } from "../../src/limits/deadlines.ts";
import { Fifo } from "../../src/limits/fifo.ts";

/** A timer that a test fires. */
class ManualTimer {
  isRef = true;
  isCleared = false;
  refs = 0;
  readonly ms: number;
  readonly fire: () => void;

  constructor(fire: () => void, ms: number) {
    this.fire = fire;
    this.ms = ms;
  }

  ref() {
    this.refs++;
    this.isRef = true;
  }

  unref() {
    this.isRef = false;
  }
}

/** Work that keeps whether it expired as one of many. */
class TestWork extends Expiring {
  readonly expired: boolean[];

  constructor(expired: boolean[]) {
    super();
    this.expired = expired;
  }

  expire(isOneOfMany: boolean): void {
    this.expired.push(isOneOfMany);
  }
}

let now = 0;

beforeEach(() => {
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A pool whose timers a test fires, in a runtime of such timers. */
function setUp(make = (fire: () => void, ms: number): object => new ManualTimer(fire, ms)) {
  const timers: ManualTimer[] = [];
  vi.stubGlobal("setTimeout", (fire: () => void, ms: number) => {
    const timer = make(fire, ms) as ManualTimer;
    timers.push(timer);
    return timer;
  });
  vi.stubGlobal("clearTimeout", (timer: ManualTimer | undefined) => {
    if (timer !== undefined) timer.isCleared = true;
  });
  const { setTimeout, clearTimeout } = globalThis;
  const pool = new DeadlinePool({ setTimeout, clearTimeout });
  const expired: boolean[] = [];
  const add = (timeoutMs: number) => {
    const work = new TestWork(expired);
    pool.add(work, timeoutMs);
    return work;
  };
  const addMany = (count: number) => Array.from({ length: count }, () => add(100));
  /** The timers that are set. The pool's first timer only shows the kind of all. */
  const live = () => timers.slice(1).filter(({ isCleared }) => !isCleared);
  const fire = (at: number) => {
    now = at;
    const timer = live()[0];
    if (timer === undefined) throw new Error("no timer is set");
    timer.isCleared = true;
    timer.fire();
  };
  return { pool, timers, add, addMany, live, fire, expired };
}

describe("the timer of a deadline pool", () => {
  test("the timer keeps the process alive only while a deadline is live", () => {
    const { add, live } = setUp();
    const [first, second] = [add(100), add(100)];
    const timer = live()[0];
    expect([live().length, timer?.isRef, timer?.refs]).toEqual([1, true, 0]);
    first.liftDeadline();
    expect(timer?.isRef).toBe(true);
    second.liftDeadline();
    expect(timer?.isRef).toBe(false);
    const [third] = [add(100), add(100)];
    expect([live().length, timer?.isRef, timer?.refs]).toEqual([1, true, 1]);
    third?.liftDeadline();
    expect(timer?.isRef).toBe(true);
  });

  test("the timer does not count work that has expired", () => {
    const { add, live, fire, expired } = setUp();
    add(10);
    const later = add(100);
    fire(10);
    expect(expired).toEqual([false]);
    expect(live()[0]?.isRef).toBe(true);
    later.liftDeadline();
    expect(live()[0]?.isRef).toBe(false);
  });

  test("the timer may fire a little early by the other clock", () => {
    const { add, fire, expired, live } = setUp();
    add(10);
    fire(9.5);
    expect([expired.length, live().length]).toEqual([1, 0]);
  });

  test("the timer is set for the next live deadline, and passes by lifted ones", () => {
    const { add, fire, live } = setUp();
    add(10);
    const lifted = add(50);
    now = 5;
    add(50);
    lifted.liftDeadline();
    fire(10);
    expect(live().map(({ ms }) => ms)).toEqual([45]);
  });

  test("work uses the pool's timer while timers are real", () => {
    const pool = new DeadlinePool();
    const work = new TestWork([]);
    pool.add(work, 10_000);
    expect(work.keeper).toBe(pool);
    work.liftDeadline();
    expect(work.keeper).toBeUndefined();
  });

  test.each<[string, object]>([
    ["ref", { ref() {} }],
    ["unref", { unref() {} }],
    ["neither", {}],
  ])("each work has a timer of its own in a runtime whose timers have %s alone", (_name, kind) => {
    const { add, timers, expired } = setUp((fire, ms) => ({ ...kind, fire, ms }));
    add(10);
    add(20);
    expect(timers.map(({ ms }) => ms)).toEqual([0, 10, 20]);
    timers[1]?.fire();
    expect(expired).toEqual([false]);
  });
});

describe("workerd", () => {
  test("each work has a timer of its own, as a timer ends with the request that set it", () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    const { add, live } = setUp();
    for (const ms of [10, 10, 20]) add(ms);
    expect(live().map(({ ms }) => ms)).toEqual(expect.arrayContaining([10, 10, 20]));
  });
});

describe("much work that ends at the same time", () => {
  test("a turn ends 1,000 works, and marks them as one of many after the first 100", () => {
    const { addMany, fire, expired, live } = setUp();
    addMany(1_500);
    fire(100);
    expect(expired).toHaveLength(1_000);
    expect(expired.indexOf(true)).toBe(100);
    expect(expired.lastIndexOf(false)).toBe(99);
    expect(live().map(({ ms }) => ms)).toEqual([0]);
    fire(101);
    expect(expired).toHaveLength(1_500);
    expect(live()).toEqual([]);
  });

  test("lifted work does not count among the 1,000", () => {
    const { addMany, fire, expired } = setUp();
    const works = addMany(1_500);
    for (const work of works.slice(0, 600)) work.liftDeadline();
    fire(100);
    expect(expired).toHaveLength(900);
  });
});

describe("lifted work", () => {
  test("lifted work is dropped once there are 100 more of it than live work", () => {
    const keep = vi.spyOn(Fifo.prototype, "keep");
    const { add, addMany, fire, expired } = setUp();
    addMany(50);
    const lift = (count: number) => {
      for (let n = 0; n < count; n++) add(100).liftDeadline();
    };
    lift(150);
    expect(keep).not.toHaveBeenCalled();
    lift(1);
    expect(keep).toHaveBeenCalledOnce();
    expect(keep.mock.contexts[0]).toHaveLength(50);
    lift(150);
    expect(keep).toHaveBeenCalledOnce();
    lift(1);
    expect(keep).toHaveBeenCalledTimes(2);
    fire(100);
    expect(expired).toHaveLength(50);
  });

  test("lifted work leaves a queue that takes work again", () => {
    const { add, addMany, fire, expired } = setUp();
    for (const work of addMany(101)) work.liftDeadline();
    add(100);
    fire(100);
    expect(expired).toEqual([false]);
  });
});
