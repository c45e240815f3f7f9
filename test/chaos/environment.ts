import { setTimeout as delay } from "node:timers/promises";

/** The set-up of a scenario: servers, fronts before them, and harm to them. */
export interface Environment extends AsyncDisposable {
  /** The client's `url` over each transport. */
  readonly urls: Readonly<Record<"http" | "grpc", string>>;
  /** The servers' own HTTP addresses, past any front. Their histories together hold all publications. */
  readonly directUrls: readonly string[];
  /** Harm to servers or connections, repeated during the calls; undefined for none. */
  readonly harm?: Harm | undefined;
}

/** One kind of harm, and the milliseconds from its end to the next time. */
export interface Harm {
  readonly everyMs: number;
  readonly action: () => Promise<void> | void;
}

/** Repeats harm until `stop`. */
export class Chaos {
  readonly #stopped = new AbortController();
  readonly #ended: Promise<void>;
  /** How often harm was done. */
  times = 0;

  constructor(harm: Harm | undefined) {
    this.#ended = harm === undefined ? Promise.resolve() : this.#run(harm);
    this.#ended.catch(() => {
      // The error comes out of `stop`.
    });
  }

  /** Stops the harm, once an action in progress has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }

  async #run({ everyMs, action }: Harm): Promise<void> {
    const { signal } = this.#stopped;
    for (;;) {
      await delay(everyMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await action();
      this.times++;
    }
  }
}
