// Taken now: a test's fake timers would keep calls back until the test moves its clock.
const { setImmediate, process, queueMicrotask, setTimeout, clearTimeout } = globalThis;
const nextTick = process?.nextTick;

/**
 * Runs `action` when this turn of the event loop is over: after the microtasks, and after the other replies that came
 * with this one. Where the runtime has no setImmediate, after the microtasks that there are.
 */
export const atEndOfTurn: (action: () => void) => void =
  typeof setImmediate === "function" ? (action) => void setImmediate(action) : afterSomeMicrotasks;

/**
 * Runs `action` when what runs now is over, with all the microtasks that it leads to. Where the runtime has no nextTick,
 * after the microtasks that there are.
 */
export const afterMicrotasks: (action: () => void) => void =
  typeof nextTick === "function" ? (action) => queueMicrotask(() => nextTick(action)) : afterSomeMicrotasks;

/** Runs `action` after some milliseconds, unless the function that it gives is called before. */
export function afterDelay(action: () => void, ms: number): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}

function afterSomeMicrotasks(action: () => void): void {
  queueMicrotask(() => queueMicrotask(() => queueMicrotask(action)));
}
