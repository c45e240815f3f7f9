import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunLater } from "../../src/limits/run-later.ts";

const load = () => {
  vi.resetModules();
  return import("../../src/limits/run-later.ts");
};

/** Names the microtasks that run before the action. */
async function runBefore(runLater: RunLater): Promise<string[]> {
  const log: string[] = [];
  const done = Promise.withResolvers<void>();
  runLater(() => {
    log.push("action");
    done.resolve();
  });
  queueMicrotask(() => {
    log.push("first microtask");
    queueMicrotask(() => log.push("second microtask"));
  });
  const immediate = new Promise<void>((resolve) => setTimeout(resolve, 5));
  await Promise.all([done.promise, immediate]);
  return log.slice(0, log.indexOf("action"));
}

// The unit tests share one process: the next file must load the sources again, with the real globals.
afterAll(() => void vi.resetModules());

test("an action at the end of the turn runs after ticks and microtasks", async () => {
  const { atEndOfTurn } = await load();
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      expect(atEndOfTurn(() => resolve(void log.push("action")))).toBeUndefined();
      process.nextTick(() => log.push("tick"));
      Promise.resolve().then(() => process.nextTick(() => log.push("late tick")));
    });
  });
  expect(log).toEqual(["tick", "late tick", "action"]);
});

test("an action after the microtasks runs before timers and immediates", async () => {
  const { afterMicrotasks } = await load();
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate(() => log.push("immediate"));
    expect(afterMicrotasks(() => log.push("action"))).toBeUndefined();
    Promise.resolve()
      .then(() => {})
      .then(() => {})
      .then(() => {})
      .then(() => log.push("microtask"));
    setTimeout(resolve, 10);
  });
  expect(log).toEqual(["microtask", "action", "immediate"]);
});

test("a delayed action runs after its delay, unless it is called off", async () => {
  const { afterDelay } = await load();
  const log: string[] = [];
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const callOff = afterDelay(5)(() => log.push("called off"));
    afterDelay(15)(() => resolve(void log.push("action")));
    callOff?.();
  });
  expect(log).toEqual(["action"]);
  expect(performance.now() - started).toBeGreaterThan(13);
});

describe("in a runtime without setImmediate and process", () => {
  const names = ["setImmediate", "process"] as const;
  const descriptors = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);

  beforeEach(() => {
    for (const name of names) {
      let real: unknown = globalThis[name];
      // Only run-later.ts misses them. Vitest uses and replaces them meanwhile.
      const get = () => (new Error().stack?.includes("/run-later.ts") ? undefined : real);
      const set = (value: unknown) => {
        real = value;
      };
      Object.defineProperty(globalThis, name, { configurable: true, get, set });
    }
  });

  afterEach(() => {
    for (const [name, descriptor] of descriptors)
      Object.defineProperty(globalThis, name, descriptor as PropertyDescriptor);
  });

  test.each(["atEndOfTurn", "afterMicrotasks"] as const)("%s waits for two microtasks", async (name) => {
    const runLater = (await load())[name];
    expect(await runBefore(runLater)).toEqual(["first microtask", "second microtask"]);
  });
});
