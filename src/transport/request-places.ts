import type { LoadLimits, Waiter } from "./waiting-calls.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** Limits the requests in flight. Further calls wait for a place. */
export class RequestPlaces {
  readonly #most: number;
  readonly #waiting: WaitingCalls<void>;
  #taken = 0;
  #isServing = false;

  /** An undefined `maxInFlight` means no limit. */
  constructor(limits: LoadLimits) {
    this.#most = limits.maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#waiting = new WaitingCalls(limits);
  }

  /** Starts a request as soon as a place is free. The request must end with `leave`. */
  start(waiter: Waiter<void>): void {
    if (this.#taken === this.#most || this.#waiting.length > 0) {
      this.#waiting.add(waiter);
      return;
    }
    this.#taken++;
    waiter.start();
  }

  leave(): void {
    this.#taken--;
    // Re-entrant: a request that cannot be encoded calls `leave` inside `next`.
    if (this.#isServing) return;
    this.#isServing = true;
    while (this.#taken < this.#most && this.#waiting.length > 0) {
      this.#taken++;
      if (!this.#waiting.next()) this.#taken--;
    }
    this.#isServing = false;
  }
}
