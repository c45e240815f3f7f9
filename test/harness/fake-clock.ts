import type { Clock } from "../../src/testing/index.ts";

/** A clock that moves only when told to. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
