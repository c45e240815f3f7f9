// These are the real functions: a test's fake timers would keep calls back until the test moves its clock.
const { setImmediate, process, queueMicrotask, setTimeout, clearTimeout } = globalThis;
const nextTick = process?.nextTick;

/** Runs an action later, and gives a function that calls it off, if that is possible. */
export type RunLater = (action: () => void) => (() => void) | undefined;

/** Runs it after this turn of the event loop: after the microtasks and the other replies that came with this one. */
export const atEndOfTurn: RunLater = (action) => {
  if (typeof setImmediate === "function") setImmediate(action);
  else afterSomeMicrotasks(action);
  return undefined;
};

/** Runs it after the code that runs now, and all the microtasks that it leads to. */
export const afterMicrotasks: RunLater = (action) => {
  if (typeof nextTick === "function") queueMicrotask(() => nextTick(action));
  else afterSomeMicrotasks(action);
  return undefined;
};

export const afterDelay =
  (ms: number): RunLater =>
  (action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  };

/** Some runtimes have neither setImmediate nor nextTick. */
function afterSomeMicrotasks(action: () => void): void {
  queueMicrotask(() => queueMicrotask(() => queueMicrotask(action)));
}
