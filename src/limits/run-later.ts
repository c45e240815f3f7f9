import { nodeProcess } from "./node-process.ts";

// The real functions: with a test's fake timers, calls would wait until the test moves its clock.
const { queueMicrotask, setTimeout, clearTimeout } = globalThis;
const { nextTick } = nodeProcess ?? {};
// Where there is no Node.js, the function may exist and throw.
const setImmediate = nodeProcess && globalThis.setImmediate;

/** Runs an action later. Gives a function that cancels it, if that is possible. */
export type RunLater = (action: () => void) => (() => void) | undefined;

/** Runs the action after this turn of the event loop: after its microtasks and its other replies. */
export const atEndOfTurn: RunLater = (action) => {
  if (typeof setImmediate === "function") setImmediate(action);
  else afterSomeMicrotasks(action);
  return undefined;
};

/** Runs the action after the current code and all microtasks that follow from it. */
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

/** For runtimes without setImmediate or nextTick. */
function afterSomeMicrotasks(action: () => void): void {
  queueMicrotask(() => queueMicrotask(() => queueMicrotask(action)));
}
