import { afterEach, describe, expect, test, vi } from "vitest";
import { DeadlinePool, Expiring } from "../../src/limits/deadlines.ts";

afterEach(() => {
  // First, for a spy on a fake timer brings that timer back.
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Work that calls a function when it expires. */
class TestWork extends Expiring {
  readonly #onExpire: () => void;

  constructor(onExpire: () => void) {
    super();
    this.#onExpire = onExpire;
  }

  expire(): void {
    this.#onExpire();
  }
}

function addTo(pool: DeadlinePool, onExpire: () => void, timeoutMs: number): TestWork {
  const work = new TestWork(onExpire);
  pool.add(work, timeoutMs);
  return work;
}

function setUp() {
  vi.useFakeTimers();
  const set = vi.spyOn(globalThis, "setTimeout");
  const { setTimeout, clearTimeout } = globalThis;
  const deadlines = new DeadlinePool({ setTimeout, clearTimeout });
  const expired: string[] = [];
  const add = (name: string, timeoutMs: number) => addTo(deadlines, () => expired.push(name), timeoutMs);
  return { deadlines, expired, add, set };
}

describe("deadlines", () => {
  test("a deadline expires in time, and not before", () => {
    const { expired, add } = setUp();
    add("a", 100);
    vi.advanceTimersByTime(50);
    add("b", 100);
    add("short", 20);
    vi.advanceTimersByTime(19);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["short"]);
    vi.advanceTimersByTime(29);
    expect(expired).toEqual(["short"]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["short", "a"]);
    vi.advanceTimersByTime(50);
    expect(expired).toEqual(["short", "a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a lifted deadline never expires", () => {
    const { expired, add } = setUp();
    const [first, , middle, , last] = ["a", "b", "c", "d", "e"].map((name) => add(name, 100));
    for (const deadline of [middle, first, last]) deadline?.liftDeadline();
    add("f", 100).liftDeadline();
    // A second lift has no effect.
    first?.liftDeadline();
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(["b", "d"]);
  });

  test("endsAt is the time of a deadline", () => {
    const { add } = setUp();
    const now = performance.now();
    expect(add("a", 100).endsAt).toBe(now + 100);
  });

  test("deadlines of the same time limit share one timer", () => {
    const { add, set } = setUp();
    add("", 1_000).liftDeadline();
    set.mockClear();
    for (let n = 0; n < 100; n++) {
      const [one, other] = [add("", 1_000), add("", 1_000)];
      one.liftDeadline();
      vi.advanceTimersByTime(1);
      other.liftDeadline();
    }
    expect(set).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a deadline on an older timer expires in time", () => {
    const { expired, add } = setUp();
    add("a", 100).liftDeadline();
    vi.advanceTimersByTime(60);
    add("b", 100);
    vi.advanceTimersByTime(99);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["b"]);
  });

  test("deadlines of many time limits keep few timers", () => {
    const { add } = setUp();
    for (let timeoutMs = 1; timeoutMs <= 1_000; timeoutMs++) add("", timeoutMs + 10).liftDeadline();
    expect(vi.getTimerCount()).toBeLessThan(10);
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("deadlines expire after another one has thrown", () => {
    const { deadlines, expired, add } = setUp();
    const broken = () => {
      throw new Error("broken");
    };
    addTo(deadlines, broken, 10);
    add("next", 10);
    expect(() => vi.advanceTimersByTime(10)).toThrow("broken");
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["next"]);
  });

  test("a deadline that passes while other work expires is next, at once", () => {
    const { deadlines, expired, add, set } = setUp();
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    const slow = () => {
      expired.push("slow");
      now.mockReturnValue(100);
    };
    addTo(deadlines, slow, 10);
    now.mockReturnValue(5);
    add("next", 10);
    now.mockReturnValue(10);
    vi.advanceTimersByTime(10);
    expect(expired).toEqual(["slow"]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["slow", "next"]);
    // Node.js warns of a negative delay.
    for (const [, ms] of set.mock.calls) expect(ms).toBeGreaterThanOrEqual(0);
  });

  test("an expiring deadline may add and lift others", () => {
    const { deadlines, expired, add } = setUp();
    const again = () => {
      expired.push("a");
      other.liftDeadline();
      add("again", 10);
    };
    addTo(deadlines, again, 10);
    const other = add("b", 10);
    vi.advanceTimersByTime(10);
    expect(expired).toEqual(["a"]);
    vi.advanceTimersByTime(10);
    expect(expired).toEqual(["a", "again"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("deadlines follow a fake clock that a test moves by hand", () => {
    const deadlines = new DeadlinePool();
    const expired: string[] = [];
    const add = (name: string) => addTo(deadlines, () => expired.push(name), 10_000);
    add("before").liftDeadline();
    // Like the fake timers of node:test, these do not move performance.now().
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    for (const name of ["a", "b"]) add(name);
    const lifted = add("c");
    vi.advanceTimersByTime(4_000);
    add("d");
    lifted.liftDeadline();
    vi.advanceTimersByTime(6_000);
    expect(expired).toEqual(["a", "b"]);
    vi.advanceTimersByTime(3_999);
    expect(expired).toEqual(["a", "b"]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(["a", "b", "d"]);
    vi.useRealTimers();
    return new Promise<void>((resolve) => addTo(deadlines, resolve, 20));
  });

  test("deadlines leave no timer behind in a runtime whose timers are numbers", () => {
    vi.useFakeTimers();
    const set = globalThis.setTimeout;
    const clear = globalThis.clearTimeout;
    const timers = new Map<number, ReturnType<typeof set>>();
    vi.stubGlobal("setTimeout", (action: () => void, ms: number) => {
      timers.set(timers.size + 1, set(action, ms));
      return timers.size;
    });
    vi.stubGlobal("clearTimeout", (timer: number) => clear(timers.get(timer)));
    try {
      const { setTimeout, clearTimeout } = globalThis;
      const deadlines = new DeadlinePool({ setTimeout, clearTimeout });
      const expired: string[] = [];
      const add = (name: string) => addTo(deadlines, () => expired.push(name), 50);
      add("a").liftDeadline();
      expect(vi.getTimerCount()).toBe(0);
      add("b");
      vi.advanceTimersByTime(50);
      expect(expired).toEqual(["b"]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("deadlines expire in a runtime whose timers are objects without unref", () => {
    vi.useFakeTimers();
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    vi.stubGlobal("setTimeout", (action: () => void, ms: number) => ({ timer: set(action, ms) }));
    vi.stubGlobal("clearTimeout", ({ timer }: { timer: ReturnType<typeof set> }) => clear(timer));
    try {
      const { setTimeout, clearTimeout } = globalThis;
      const deadlines = new DeadlinePool({ setTimeout, clearTimeout });
      const expired: string[] = [];
      addTo(deadlines, () => expired.push("lifted"), 50).liftDeadline();
      addTo(deadlines, () => expired.push("passed"), 50);
      vi.advanceTimersByTime(50);
      expect(expired).toEqual(["passed"]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
