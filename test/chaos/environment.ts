import { setTimeout as delay } from "node:timers/promises";

/** What a scenario sets up: servers, whatever stands before them, and the harm that is done to them. */
export interface Environment extends AsyncDisposable {
  /** The client's `url` over each transport. */
  readonly urls: Readonly<Record<"http" | "grpc", string>>;
  /** The servers' own addresses over HTTP, past whatever stands before them. Their histories together are all there is. */
  readonly directUrls: readonly string[];
  /** What is done to the servers, or their connections, again and again while calls are made; undefined for nothing. */
  readonly harm?: Harm | undefined;
}

/** One kind of harm, and how many milliseconds lie between its end and the next time. */
export interface Harm {
  readonly everyMs: number;
  readonly action: () => Promise<void> | void;
}

/** Does harm until it is stopped. */
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

  /** Ends the harm; what was being done is done to its end. */
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
