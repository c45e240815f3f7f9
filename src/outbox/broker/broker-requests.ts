// The arguments of the SQL functions have the names of Centrifugo's own, without `p_`, in camelCase. Times are milliseconds.

interface PublisherArguments {
  /** The id of the client in the publication's info. Default: none. */
  clientId?: string | undefined;
  /** The id of the user in the publication's info. Default: none. */
  userId?: string | undefined;
  /** The connection's info in the publication's info: as `data`. Default: none. */
  connInfo?: unknown;
  /** The channel's info in the publication's info: as `data`. Default: none. */
  chanInfo?: unknown;
}

interface IdempotencyArguments {
  /** A second call with the same channel and key changes nothing. Default: none. */
  idempotencyKey?: string | undefined;
  /** How long the key counts, in milliseconds. Default: five minutes. */
  idempotencyTtlMs?: number | undefined;
}

/** The arguments of `stream_publish` and `stream_publish_strict`. */
export interface StreamPublishArguments extends PublisherArguments, IdempotencyArguments {
  channel: string;
  /** Any JSON value; with `binary` a Uint8Array, too. */
  data: unknown;
  tags?: Readonly<Record<string, string>> | undefined;
  /** How long history keeps publications, in milliseconds. Default: as before in this channel, at first one minute. */
  historyTtlMs?: number | undefined;
  /** How many publications history keeps. Default: as before in this channel, at first 100. */
  historySize?: number | undefined;
  /** How long the channel's position is kept, in milliseconds; at least `historyTtlMs`. Default: seven days. */
  metaTtlMs?: number | undefined;
  /** A publication with a version that is not above the last one is suppressed. Default: none. */
  version?: number | bigint | undefined;
  versionEpoch?: string | undefined;
  /** Whether subscribers that negotiated delta get the difference. Default: false. */
  useDelta?: boolean | undefined;
}

/** The arguments of `stream_publish_join` and `stream_publish_leave`. */
export interface StreamMemberArguments extends Pick<PublisherArguments, "connInfo" | "chanInfo"> {
  channel: string;
  clientId: string;
  userId: string;
}

/** The arguments of `map_publish` and `map_publish_strict`. */
export interface MapPublishArguments extends PublisherArguments, IdempotencyArguments {
  channel: string;
  key: string;
  /** Any JSON value; with `binary` a Uint8Array, too. */
  data: unknown;
  tags?: Readonly<Record<string, string>> | undefined;
  /** How long the key lives, in milliseconds. Default: for ever. Use one value in a channel. */
  keyTtlMs?: number | undefined;
  /** How long the channel's position is kept, in milliseconds; needs `keyTtlMs`, and is not shorter. Default: for ever. */
  metaTtlMs?: number | undefined;
  /** Sets the key only if it is new, or only if it exists. Default: always. */
  keyMode?: "if_new" | "if_exists" | undefined;
  /** Sets the key only if its last change has this offset. Default: always. */
  expectedOffset?: number | bigint | undefined;
  expectedEpoch?: string | undefined;
  /** A version that is not above the key's last one is suppressed. Default: none. */
  keyVersion?: number | bigint | undefined;
  keyVersionEpoch?: string | undefined;
  useDelta?: boolean | undefined;
  /** Whether a call with `if_new` for an existing key prolongs its life. Default: false. */
  refreshTtlOnSuppress?: boolean | undefined;
}

/** The arguments of `map_remove` and `map_remove_strict`. */
export interface MapRemoveArguments
  extends IdempotencyArguments,
    Pick<PublisherArguments, "clientId" | "userId"> {
  channel: string;
  key: string;
  /** How long the channel's position is kept, in milliseconds. Default: as before. */
  metaTtlMs?: number | undefined;
  expectedOffset?: number | bigint | undefined;
  expectedEpoch?: string | undefined;
}

/** The functions of Centrifugo's PostgreSQL brokers, without their prefix, and the arguments of each. */
export interface BrokerRequests {
  /** Publishes: `out_channel_offset`, `out_epoch`, `out_suppressed`, `out_suppress_reason`. */
  stream_publish: StreamPublishArguments;
  /** As `stream_publish`, with an error (P0001) in place of `out_suppressed`. */
  stream_publish_strict: StreamPublishArguments;
  /** Returns `out_top_offset` and `out_epoch`: 0 and "" for an unknown channel. */
  stream_top_position: { channel: string };
  stream_remove_history: { channel: string };
  stream_publish_join: StreamMemberArguments;
  stream_publish_leave: StreamMemberArguments;
  /** Sets a key: `channel_offset`, `epoch`, `suppressed`, `suppress_reason`, `current_data`, `current_offset`. */
  map_publish: MapPublishArguments;
  /** As `map_publish`, with an error (23505, P0002 or 40001) in place of `suppressed`. */
  map_publish_strict: MapPublishArguments;
  /** Removes a key. Returns the columns of `map_publish`. */
  map_remove: MapRemoveArguments;
  /** As `map_remove`, with an error (P0002) in place of `suppressed`. */
  map_remove_strict: MapRemoveArguments;
}

/** A function of Centrifugo's PostgreSQL brokers, without the prefix of its name. */
export type BrokerMethod = keyof BrokerRequests;

/** A function of the broker and its arguments. */
export type BrokerCall = {
  [Method in BrokerMethod]: readonly [method: Method, request: BrokerRequests[Method]];
}[BrokerMethod];
