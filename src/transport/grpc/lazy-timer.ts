/** The maximum of setTimeout. For a longer time it fires at once. */
const maxTimerMs = 0x7fffffff;

/**
 * Acts when `happened` was not called for some time. Resetting a timer for each call would cost more than a ping, so this one
 * fires early and then waits for the rest. It does not keep the process alive.
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

  /** Milliseconds since the last `happened`. */
  get elapsedMs(): number {
    return performance.now() - this.#happenedAt;
  }

  happened(): void {
    this.#happenedAt = performance.now();
  }

  /** Sets the timer, unless it is set already or `ms` is above the maximum. */
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
