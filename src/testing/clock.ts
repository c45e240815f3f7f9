/** What tells the server the time. `Date`, and the fake clocks of test runners, are clocks. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** The machine's clock, read at each call, so that a test runner's fake timers, which replace `Date`, are seen. */
export const systemClock: Clock = { now: () => Date.now() };
