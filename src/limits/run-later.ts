// Taken now: a test's fake timers would keep calls back until the test moves its clock.
const { setImmediate, process, queueMicrotask, setTimeout, clearTimeout } = globalThis;
const nextTick = process?.nextTick;

/** Runs an action later. Where it can be called off, it gives a function that does that. */
export type RunLater = (action: () => void) => (() => void) | undefined;

/** After this turn of the event loop: after the microtasks, and after the other replies that came with this one. */
export const atEndOfTurn: RunLater = (action) => {
  if (typeof setImmediate === "function") setImmediate(action);
  else afterSomeMicrotasks(action);
  return undefined;
};

/** After the code that runs now, and all the microtasks that it leads to. */
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

/** Stands in where the runtime has neither setImmediate nor nextTick. */
function afterSomeMicrotasks(action: () => void): void {
  queueMicrotask(() => queueMicrotask(() => queueMicrotask(action)));
}
