/** In seconds. */
const window = 10;
/** Retries always permitted per window, so that a client with few calls can retry at all. */
const alwaysFree = 10;

interface Second {
  calls: number;
  retries: number;
}

/** Counts the calls and retries of the last 10 s, so that retries do not multiply the load of a failing server. */
export class RetryBudget {
  #seconds: Second[] = [];
  #now = 0;

  /** @param now in milliseconds, as `performance.now()` counts them */
  countCall(now: number): void {
    this.#second(now).calls++;
  }

  /** Counts a retry; false if the budget is used up. @param share retries permitted per call, as in 0.2 */
  take(share: number | false, now: number): boolean {
    const second = this.#second(now);
    const calls = this.#seconds.reduce((sum, one) => sum + one.calls, 0);
    const retries = this.#seconds.reduce((sum, one) => sum + one.retries, 0);
    if (share !== false && retries >= Math.max(alwaysFree, share * calls)) return false;
    second.retries++;
    return true;
  }

  #second(now: number): Second {
    const index = Math.floor(now / 1_000);
    let second = this.#seconds[0];
    if (second === undefined || index !== this.#now) {
      const gone = Math.min(window, index - this.#now);
      second = { calls: 0, retries: 0 };
      const passed = Array.from({ length: gone - 1 }, () => ({ calls: 0, retries: 0 }));
      this.#seconds = [second, ...passed, ...this.#seconds].slice(0, window);
      this.#now = index;
    }
    return second;
  }
}
