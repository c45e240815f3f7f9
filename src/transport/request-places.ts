import type { Cancellation } from "../limits/run-within.ts";
import type { LoadLimits } from "./waiting-calls.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** The places of the requests that are under way at a time. */
export class RequestPlaces {
  readonly #most: number;
  readonly #waiting: WaitingCalls<void>;
  #taken = 0;

  /** There is no limit where `maxInFlight` is undefined. */
  constructor(limits: LoadLimits) {
    this.#most = limits.maxInFlight ?? Number.POSITIVE_INFINITY;
    this.#waiting = new WaitingCalls(limits);
  }

  /** Takes a place, which is to be given back by `leave`. Undefined where it is there at once. */
  take(cancellation: Cancellation): Promise<void> | undefined {
    if (this.#taken < this.#most && this.#waiting.length === 0) {
      this.#taken++;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        this.#taken++;
        resolve();
      };
      this.#waiting.add(cancellation, start, reject);
    });
  }

  leave(): void {
    this.#taken--;
    if (this.#waiting.length > 0) this.#waiting.next();
  }
}
