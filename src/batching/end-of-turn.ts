// Taken now: a test's fake timers would keep calls back until the test moves its clock.
const { setImmediate } = globalThis;

/**
 * Runs `action` when this turn of the event loop is over: after the microtasks, and after the other replies that came
 * with this one. Where the runtime has no setImmediate, after the microtasks that there are.
 */
export const atEndOfTurn: (action: () => void) => void =
  typeof setImmediate === "function"
    ? (action) => void setImmediate(action)
    : (action) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(action)));
