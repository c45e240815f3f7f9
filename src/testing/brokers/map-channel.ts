import type { Clock } from "../clock.ts";
import type { MapOptions } from "./map-options.ts";
import type { Version } from "./memory-stream.ts";
import { MemoryStream } from "./memory-stream.ts";
import type { StoredPublication } from "./stream-broker.ts";

/** One entry of a map. */
export interface MapValue {
  readonly publication: StoredPublication;
  readonly version: Version;
  /** Infinity for an entry that stays. */
  readonly expiresAt: number;
}

const never = Number.POSITIVE_INFINITY;

/** One map: its entries, and the stream of changes to them. */
export class MapChannel {
  readonly stream = new MemoryStream<StoredPublication>();
  readonly entries = new Map<string, MapValue>();
  readonly #clock: Clock;
  #clearStreamAt = never;
  #removeAt = never;
  /** No entry expires before this. */
  #nextExpiry = never;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the map as a whole, with its epoch, has expired. */
  get expired(): boolean {
    return this.#removeAt <= this.#clock.now();
  }

  /** Postpones the expiry of the map. Reads do so as well as writes. */
  touch(metaTtlMs: number): void {
    if (metaTtlMs > 0) this.#removeAt = this.#clock.now() + metaTtlMs;
  }

  /** Adds a change to the stream, if the mode has one. */
  append(publication: StoredPublication, options: MapOptions): void {
    if (!options.hasStream) return;
    this.#clearStreamAt = this.#clock.now() + options.streamTtlMs;
    this.touch(options.metaTtlMs);
    this.stream.add(publication, options.streamSize);
  }

  set(key: string, publication: StoredPublication, version: Version, keyTtlMs: number): void {
    const expiresAt = keyTtlMs > 0 ? this.#clock.now() + keyTtlMs : never;
    this.entries.set(key, { publication, version, expiresAt });
    this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
  }

  /** Removes expired entries, earliest first. Empties the stream after `streamTtlMs` without a write. */
  expire(onExpired: (key: string, value: MapValue) => void): void {
    const now = this.#clock.now();
    if (this.#nextExpiry <= now) {
      const due = [...this.entries].filter(([, value]) => value.expiresAt <= now);
      for (const [key, value] of due.sort(([, a], [, b]) => a.expiresAt - b.expiresAt)) {
        this.#clearStream(value.expiresAt);
        this.entries.delete(key);
        onExpired(key, value);
      }
      this.#nextExpiry = Math.min(never, ...[...this.entries.values()].map((value) => value.expiresAt));
    }
    this.#clearStream(now);
  }

  #clearStream(now: number): void {
    if (this.#clearStreamAt > now) return;
    this.stream.clear();
    this.#clearStreamAt = never;
  }
}
