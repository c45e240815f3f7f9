const intervalMs = 5;

/** How late the event loop was, by a timer of our own: what it delays is no fault of a client. */
export class LoopDelay implements Disposable {
  readonly #timer: NodeJS.Timeout;
  /** The longest delay that ended in each second, from the start on. */
  readonly #worst: number[] = [];
  readonly #start = performance.now();
  #last = this.#start;

  constructor() {
    this.#timer = setInterval(() => this.#note(performance.now()), intervalMs);
  }

  /** The longest delay around the time from `since` to `until`, with a second before it, or that is not over by then. */
  between(since: number, until: number): number {
    const [first, last] = [this.#second(since) - 1, this.#second(until)];
    const delays = this.#worst.slice(Math.max(0, first), last + 1).map((delay) => delay ?? 0);
    return Math.max(until - this.#last - intervalMs, 0, ...delays);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #note(now: number): void {
    const second = this.#second(now);
    this.#worst[second] = Math.max(this.#worst[second] ?? 0, now - this.#last - intervalMs);
    this.#last = now;
  }

  #second(time: number): number {
    return Math.floor((time - this.#start) / 1_000);
  }
}
