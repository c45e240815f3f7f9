/** Work that an aborted signal ends. */
export interface Abortable {
  abort(): void;
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * All the work that waits for one signal, with one listener. Thousands of calls may share a signal, and with a listener
 * for each the signal would look through all of them as one comes or goes.
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

  /** @throws what the signal throws; nothing is left to be ended then */
  lift(owner: Abortable): void {
    if (!this.#owners.delete(owner) || this.#owners.size > 0) return;
    watches.delete(this.#signal);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
