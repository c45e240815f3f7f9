/** Tells the server the time. `Date` and the fake clocks of test runners fit. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** The machine's clock. It reads `Date` at each call, because a test runner's fake timers replace `Date`. */
export const systemClock: Clock = { now: () => Date.now() };
