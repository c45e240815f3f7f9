import type { Clock } from "../clock.ts";
import { unrecoverablePosition } from "./api-error.ts";
import { IdempotencyCache } from "./idempotency-cache.ts";
import { MapChannel } from "./map-channel.ts";
import type { MapOptions } from "./map-options.ts";
import type { StreamPosition, Version } from "./memory-stream.ts";
import type { StoredPublication } from "./stream-broker.ts";
import { isStale } from "./stream-broker.ts";

/** The outcome of a map change: the stream's position after it, and the reason if nothing changed. */
export interface MapChange {
  readonly position: StreamPosition;
  readonly suppressReason: "" | "idempotency" | "version" | "key_exists" | "key_not_found";
}

export interface MapPublishOptions extends Version {
  readonly data: Uint8Array;
  readonly tags: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
  readonly keyMode: string;
}

export interface MapPage {
  readonly entries: readonly StoredPublication[];
  readonly position: StreamPosition;
  /** The last key of the page if more follow, else "". */
  readonly cursor: string;
}

type Deliver = (channel: string, publication: StoredPublication) => void;

/** The maps, in memory. Expired entries and maps are removed at the next use. */
export class MapBroker {
  readonly #clock: Clock;
  readonly #deliver: Deliver;
  readonly #channels = new Map<string, MapChannel>();
  readonly #results = new Map<string, IdempotencyCache>();

  constructor(clock: Clock, deliver: Deliver) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  publish(name: string, key: string, map: MapOptions, options: MapPublishOptions): MapChange {
    const existing = this.#existing(name, map);
    const earlier = this.#results.get(name)?.get(options.idempotencyKey);
    if (earlier !== undefined) return { position: earlier, suppressReason: "idempotency" };
    const channel = existing ?? this.#create(name);
    const entry = channel.entries.get(key);
    const suppressed = (suppressReason: MapChange["suppressReason"]) => ({
      position: channel.stream.position,
      suppressReason,
    });
    if (map.hasStream && entry !== undefined && isStale(options, entry.version)) return suppressed("version");
    if (options.keyMode === "if_new" && entry !== undefined) return suppressed("key_exists");
    if (options.keyMode === "if_exists" && entry === undefined) return suppressed("key_not_found");
    const { data, tags, version, epoch } = options;
    const publication = { key, data, tags, info: undefined, time: this.#clock.now(), offset: 0n };
    channel.append(publication, map);
    // Unlike in a stream, a publication without a version keeps the last version.
    const kept = version === 0n && entry !== undefined ? entry.version : { version, epoch };
    channel.set(key, publication, kept, map.keyTtlMs);
    return this.#changed(name, channel, publication, options.idempotencyKey);
  }

  remove(name: string, key: string, map: MapOptions, idempotencyKey: string): MapChange {
    const channel = this.#existing(name, map);
    const earlier = this.#results.get(name)?.get(idempotencyKey);
    if (earlier !== undefined) return { position: earlier, suppressReason: "idempotency" };
    const entry = channel?.entries.get(key);
    if (channel === undefined || entry === undefined) {
      return {
        position: channel?.stream.position ?? { offset: 0n, epoch: "" },
        suppressReason: "key_not_found",
      };
    }
    channel.entries.delete(key);
    const removal = removalOf(key, entry.publication, this.#clock.now());
    channel.append(removal, map);
    return this.#changed(name, channel, removal, idempotencyKey);
  }

  /** Reads one key, or a page of entries in the order of their keys. */
  readState(
    name: string,
    map: MapOptions,
    query: { key: string; cursor: string; limit: number; revision: StreamPosition | undefined },
  ): MapPage {
    const existing = this.#existing(name, map);
    const channel = existing ?? this.#create(name);
    channel.touch(map.metaTtlMs);
    const { position } = channel.stream;
    const wanted = query.revision?.epoch;
    // A new map accepts an empty epoch.
    if (wanted !== undefined && wanted !== position.epoch && (existing !== undefined || wanted !== "")) {
      throw unrecoverablePosition();
    }
    if (query.key !== "") {
      const entry = channel.entries.get(query.key);
      return { entries: entry === undefined ? [] : [entry.publication], position, cursor: "" };
    }
    if (query.limit === 0) return { entries: [], position, cursor: "" };
    const keys = [...channel.entries.keys()]
      .sort(compareUtf8)
      .filter((key) => query.cursor === "" || compareUtf8(key, query.cursor) > 0);
    const page = query.limit < 0 ? keys : keys.slice(0, query.limit);
    return {
      entries: page.flatMap((key) => channel.entries.get(key)?.publication ?? []),
      position,
      cursor: page.length < keys.length ? (page.at(-1) ?? "") : "",
    };
  }

  readStream(
    name: string,
    map: MapOptions | undefined,
    query: { since: StreamPosition | undefined; limit: number; reverse: boolean },
  ): Omit<MapPage, "cursor"> {
    const existing = this.#existing(name, map);
    const channel = existing ?? this.#create(name);
    channel.touch(map?.metaTtlMs ?? 0);
    const { since, limit, reverse } = query;
    const { position } = channel.stream;
    if (since === undefined || existing === undefined) {
      return { entries: channel.stream.items(limit, reverse), position };
    }
    if (since.epoch !== "" && since.epoch !== position.epoch) throw unrecoverablePosition();
    const entries = channel.stream.itemsSince(since.offset, limit, reverse);
    const [first] = entries;
    // A gap: changes after `since` were trimmed. Reads in reverse, or from offset 0, do not need them.
    const next = BigInt.asUintN(64, since.offset + 1n);
    if (!reverse && since.offset > 0n && first !== undefined && first.offset > next) {
      throw unrecoverablePosition();
    }
    return { entries, position };
  }

  /** How many keys a map has. Does not create the map. */
  size(name: string, map: MapOptions | undefined): number {
    return this.#existing(name, map)?.entries.size ?? 0;
  }

  /** Forgets a map: entries, stream, epoch and idempotency keys. */
  clear(name: string): void {
    this.#channels.delete(name);
    this.#results.delete(name);
  }

  #existing(name: string, map: MapOptions | undefined): MapChannel | undefined {
    const channel = this.#channels.get(name);
    if (channel === undefined) return undefined;
    channel.expire((key, { publication, expiresAt }) => {
      const removal = removalOf(key, publication, expiresAt);
      if (map?.hasStream) channel.stream.add(removal, map.streamSize);
      this.#deliver(name, removal);
    });
    if (!channel.expired) return channel;
    this.#channels.delete(name);
    return undefined;
  }

  #create(name: string): MapChannel {
    const channel = new MapChannel(this.#clock);
    this.#channels.set(name, channel);
    return channel;
  }

  #changed(name: string, channel: MapChannel, change: StoredPublication, idempotencyKey: string): MapChange {
    const { position } = channel.stream;
    if (idempotencyKey !== "") {
      let results = this.#results.get(name);
      if (results === undefined) {
        results = new IdempotencyCache(this.#clock);
        this.#results.set(name, results);
      }
      results.set(idempotencyKey, position);
    }
    this.#deliver(name, change);
    return { position, suppressReason: "" };
  }
}

/** The publication that announces a removed key. It has the tags of the entry. */
function removalOf(key: string, { tags }: StoredPublication, time: number): StoredPublication {
  return { key, removed: true, data: new Uint8Array(), tags, info: undefined, time, offset: 0n };
}

/** Compares keys by UTF-8 bytes, as the server does. `<` compares UTF-16 units. */
function compareUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
