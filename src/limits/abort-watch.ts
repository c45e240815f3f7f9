/** Work that an aborted signal ends. */
export interface Abortable {
  abort(): void;
}

const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * All work that ends with one signal, under a single listener. Thousands of calls may share a signal: with a listener for
 * each call, the signal would scan all of them whenever one is added or removed.
 */
export class AbortWatch {
  readonly #signal: AbortSignal;
  readonly #owners = new Set<Abortable>();
  readonly #onAbort = () => {
    for (const owner of this.#owners) owner.abort();
  };

  /** @throws the error of `addEventListener`, as the signal may be a caller's own implementation */
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

  /** @throws the error of `removeEventListener`, after the owner was removed */
  lift(owner: Abortable): void {
    if (!this.#owners.delete(owner) || this.#owners.size > 0) return;
    watches.delete(this.#signal);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
