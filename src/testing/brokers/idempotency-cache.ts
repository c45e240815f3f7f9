import type { Clock } from "../clock.ts";
import type { StreamPosition } from "./memory-stream.ts";

const lifetimeMs = 300_000;

/** The results of publications with an idempotency key, kept for 300 seconds from the first success. */
export class IdempotencyCache {
  readonly #clock: Clock;
  readonly #results = new Map<string, { position: StreamPosition; expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): StreamPosition | undefined {
    const entry = this.#results.get(key);
    return entry !== undefined && entry.expiresAt > this.#clock.now() ? entry.position : undefined;
  }

  set(key: string, position: StreamPosition): void {
    this.#results.set(key, { position, expiresAt: this.#clock.now() + lifetimeMs });
  }
}
