import type { ClientInfo } from "#api";
import type { Clock } from "../clock.ts";
import { IdempotencyCache } from "./idempotency-cache.ts";
import type { StreamPosition, Version } from "./memory-stream.ts";
import { MemoryStream } from "./memory-stream.ts";

/** A publication as the brokers keep and deliver it. */
export interface StoredPublication {
  readonly data: Uint8Array;
  readonly tags: Readonly<Record<string, string>>;
  /** The connected client that published it; undefined for the API. */
  readonly info: ClientInfo | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 0 if not stored. */
  offset: bigint;
  /** The key of an entry, in map channels. */
  readonly key?: string;
  readonly removed?: boolean;
}

/** Limits of a channel's history. */
export interface HistoryOptions {
  readonly size: number;
  readonly ttlMs: number;
  readonly metaTtlMs: number;
}

export interface PublishOptions extends Version {
  readonly data: Uint8Array;
  readonly tags: Readonly<Record<string, string>>;
  readonly info?: ClientInfo | undefined;
  readonly idempotencyKey: string;
  /** Undefined to store nothing. */
  readonly history: HistoryOptions | undefined;
}

interface Channel {
  readonly stream: MemoryStream<StoredPublication>;
  /** When the publications expire. Offset and epoch stay. */
  clearAt: number;
  /** When offset and epoch expire, too. */
  removeAt: number;
}

const nowhere: StreamPosition = { offset: 0n, epoch: "" };

/** The channels' publications, in memory. Expired publications are removed at the next use. */
export class StreamBroker {
  readonly #clock: Clock;
  readonly #deliver: (channel: string, publication: StoredPublication) => void;
  readonly #channels = new Map<string, Channel>();
  readonly #results: IdempotencyCache;

  constructor(clock: Clock, deliver: (channel: string, publication: StoredPublication) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
    this.#results = new IdempotencyCache(clock);
  }

  /** Stores and delivers a publication. Drops duplicates and stale versions, with the result of a success. */
  publish(name: string, options: PublishOptions): StreamPosition {
    const { history, idempotencyKey } = options;
    // As in the server, ("a_b", "c") and ("a", "b_c") give the same key.
    const cacheKey = `${name}_${idempotencyKey}`;
    const earlier = idempotencyKey === "" ? undefined : this.#results.get(cacheKey);
    if (earlier !== undefined) return earlier;
    const { data, tags, info } = options;
    const publication: StoredPublication = { data, tags, info, time: this.#clock.now(), offset: 0n };
    let position = nowhere;
    if (history !== undefined) {
      const channel = this.#touched(name, history.metaTtlMs);
      channel.clearAt = this.#clock.now() + history.ttlMs;
      if (isStale(options, channel.stream.version)) return channel.stream.position;
      channel.stream.add(publication, history.size);
      channel.stream.version = { version: options.version, epoch: options.epoch };
      position = channel.stream.position;
    }
    if (idempotencyKey !== "") this.#results.set(cacheKey, position);
    this.#deliver(name, publication);
    return position;
  }

  /** The stream of a channel, created if there is none. Reads extend the life of its epoch, too. */
  stream(name: string, metaTtlMs: number): MemoryStream<StoredPublication> {
    return this.#touched(name, metaTtlMs).stream;
  }

  /** Drops the publications of a channel. Its offset and epoch stay. */
  clear(name: string): void {
    this.#channels.get(name)?.stream.clear();
  }

  #touched(name: string, metaTtlMs: number): Channel {
    const now = this.#clock.now();
    let channel = this.#channels.get(name);
    if (channel === undefined || channel.removeAt <= now) {
      channel = { stream: new MemoryStream(), clearAt: Number.POSITIVE_INFINITY, removeAt: 0 };
      this.#channels.set(name, channel);
    }
    if (channel.clearAt <= now) {
      channel.stream.clear();
      channel.clearAt = Number.POSITIVE_INFINITY;
    }
    channel.removeAt = metaTtlMs > 0 ? now + metaTtlMs : Number.POSITIVE_INFINITY;
    return channel;
  }
}

/** Whether a publication's version is at or below the last one. A publication without a version is never stale. */
export function isStale(candidate: Version, last: Version): boolean {
  if (candidate.version === 0n || candidate.version > last.version) return false;
  return candidate.epoch === "" || candidate.epoch === last.epoch;
}
