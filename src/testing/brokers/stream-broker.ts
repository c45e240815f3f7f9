import type { ClientInfo } from "#api";
import type { Clock } from "../clock.ts";
import { IdempotencyCache } from "./idempotency-cache.ts";
import type { StreamPosition, Version } from "./memory-stream.ts";
import { MemoryStream } from "./memory-stream.ts";

/** A publication as the brokers keep and deliver it. */
export interface StoredPublication {
  readonly data: Uint8Array;
  readonly tags: Readonly<Record<string, string>>;
  /** The connected client that published it; undefined where the API did. */
  readonly info: ClientInfo | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 0 where it was not stored. */
  offset: bigint;
  /** The key of an entry, in map channels. */
  readonly key?: string;
  readonly removed?: boolean;
}

/** What a channel's history keeps. */
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
  /** Undefined where nothing is to be stored. */
  readonly history: HistoryOptions | undefined;
}

interface Channel {
  readonly stream: MemoryStream<StoredPublication>;
  /** When the publications go, while offset and epoch stay. */
  clearAt: number;
  /** When everything goes. */
  removeAt: number;
}

const nowhere: StreamPosition = { offset: 0n, epoch: "" };

/** The channels' publications, in memory. What is due to expire goes when it is next looked at. */
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

  /** Stores and delivers a publication. Duplicates and stale versions are dropped, and look like successes. */
  publish(name: string, options: PublishOptions): StreamPosition {
    const { history, idempotencyKey } = options;
    // The server joins the two like this, so that ("a_b", "c") and ("a", "b_c") are one key to it.
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

  /** The stream of a channel, which begins here where there is none. Looking at it, too, keeps its epoch alive. */
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

/** Whether a publication is older than what is there. A publication without a version never is, and forgets the last one. */
export function isStale(candidate: Version, last: Version): boolean {
  if (candidate.version === 0n || candidate.version > last.version) return false;
  return candidate.epoch === "" || candidate.epoch === last.epoch;
}
