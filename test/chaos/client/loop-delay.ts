const intervalMs = 5;

/** Measures the delay of the event loop with a timer: such a delay is not the client's fault. */
export class LoopDelay implements Disposable {
  readonly #timer: NodeJS.Timeout;
  /** The longest delay that ended in each second, from the start on. */
  readonly #worst: number[] = [];
  readonly #start = performance.now();
  #last = this.#start;

  constructor() {
    this.#timer = setInterval(() => this.#note(performance.now()), intervalMs);
  }

  /** The longest delay from a second before `since` to `until`, including a delay that lasts beyond `until`. */
  between(since: number, until: number): number {
    const [first, last] = [this.#second(since) - 1, this.#second(until)];
    // A delay of over a second leaves holes, which the spread turns into undefined.
    const delays = [...this.#worst.slice(Math.max(0, first), last + 1)].map((delay) => delay ?? 0);
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
