import type { LoadLimits, Waiter } from "./waiting-calls.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** The places of the requests that are under way at a time. */
export class RequestPlaces {
  readonly #most: number;
  readonly #waiting: WaitingCalls<void>;
  #taken = 0;
  #isServing = false;

  /** There is no limit where `maxInFlight` is undefined. */
  constructor(limits: LoadLimits) {
    this.#most = limits.maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#waiting = new WaitingCalls(limits);
  }

  /** Starts a request when there is a place, which it is to give back by `leave`. */
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
    // A request that cannot be encoded leaves as it starts.
    if (this.#isServing) return;
    this.#isServing = true;
    while (this.#taken < this.#most && this.#waiting.length > 0) {
      this.#taken++;
      if (!this.#waiting.next()) this.#taken--;
    }
    this.#isServing = false;
  }
}
