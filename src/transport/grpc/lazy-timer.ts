/** The longest time that setTimeout takes; it would fire at once for a longer one. */
const maxTimerMs = 0x7fffffff;

/**
 * A timer that acts when something did not happen for some time. It fires early, looks at the time and waits for the rest,
 * as setting it anew for each call would cost more than a ping. It does not keep the process alive.
 */
export class LazyTimer {
  readonly #ms: () => number;
  readonly #isWanted: () => boolean;
  readonly #act: () => void;
  #happenedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: () => number, isWanted: () => boolean, act: () => void) {
    this.#ms = ms;
    this.#isWanted = isWanted;
    this.#act = act;
  }

  /** Milliseconds since it happened. */
  get elapsedMs(): number {
    return performance.now() - this.#happenedAt;
  }

  happened(): void {
    this.#happenedAt = performance.now();
  }

  /** Sets the timer where it is not set. There is none for a time that is too long for one. */
  start(ms = this.#ms()): void {
    if (ms <= maxTimerMs) this.#timer ??= setTimeout(() => this.#onTimer(), ms).unref();
  }

  restart(): void {
    this.happened();
    this.start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (!this.#isWanted()) return;
    const left = Math.ceil(this.#ms() - this.elapsedMs);
    if (left > 0) this.start(left);
    else this.#act();
  }
}
