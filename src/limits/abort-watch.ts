/** What an aborted signal ends. */
export interface Abortable {
  abort(): void;
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * What waits for one signal, with one listener. A listener for each would have the signal look through all of them as
 * one comes or goes, and thousands of calls may share a signal.
 */
export class AbortWatch {
  readonly #signal: AbortSignal;
  readonly #owners = new Set<Abortable>();
  readonly #onAbort = () => {
    for (const owner of this.#owners) owner.abort();
  };

  /** @throws what the signal throws, which may be of the caller's own making */
  static add(signal: AbortSignal, owner: Abortable): AbortWatch {
    const watch = watches.get(signal) ?? new AbortWatch(signal);
    watch.#owners.add(owner);
    return watch;
  }

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#onAbort);
    watches.set(signal, this);
  }

  /** @throws what the signal throws, of which nothing is left to be ended then */
  lift(owner: Abortable): void {
    if (!this.#owners.delete(owner) || this.#owners.size > 0) return;
    watches.delete(this.#signal);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
