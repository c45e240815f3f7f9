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
  /** How long the key counts, in milliseconds from 0. Default: five minutes. */
  idempotencyTtlMs?: number | undefined;
}

/** The arguments of `stream_publish` and `stream_publish_strict`. */
export interface StreamPublishArguments extends PublisherArguments, IdempotencyArguments {
  /** The channel, with its namespace. Required. */
  channel: string;
  /** Any JSON value; with `binary` a Uint8Array, too. Required. */
  data: unknown;
  /** Tags of the publication, which clients see. Default: none. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** How long history keeps publications, in milliseconds. Default: as before in this channel, at first one minute. */
  historyTtlMs?: number | undefined;
  /** How many publications history keeps. Default: as before in this channel, at first 100. */
  historySize?: number | undefined;
  /** How long the channel's position is kept, in milliseconds; at least `historyTtlMs`. Default: seven days. */
  metaTtlMs?: number | undefined;
  /** A publication with a version that is not above the last one is suppressed. Default: none. */
  version?: number | bigint | undefined;
  /** The epoch of `version`: in another epoch than the last, any version is new. Default: that of the last version. */
  versionEpoch?: string | undefined;
  /** Whether subscribers that negotiated delta get the difference. Default: false. */
  useDelta?: boolean | undefined;
}

/** The arguments of `stream_publish_join` and `stream_publish_leave`. */
export interface StreamMemberArguments extends Pick<PublisherArguments, "connInfo" | "chanInfo"> {
  /** The channel, with its namespace. Required. */
  channel: string;
  /** The id of the client that came or went. Required. */
  clientId: string;
  /** The id of its user. Required. */
  userId: string;
}

/** The arguments of `map_publish` and `map_publish_strict`. */
export interface MapPublishArguments extends PublisherArguments, IdempotencyArguments {
  /** The channel, with its namespace. Required. */
  channel: string;
  /** The key in the map. Required. */
  key: string;
  /** Any JSON value; with `binary` a Uint8Array, too. Required. */
  data: unknown;
  /** Tags of the publication, which clients see. Default: none. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** How long the key lives, in milliseconds. Default: for ever. Use one value in a channel. */
  keyTtlMs?: number | undefined;
  /** How long the channel's position is kept, in milliseconds; needs `keyTtlMs`, and is not shorter. Default: for ever. */
  metaTtlMs?: number | undefined;
  /** Sets the key only if it is new, or only if it exists. Default: always. */
  keyMode?: "if_new" | "if_exists" | undefined;
  /** Sets the key only if its last change has this offset. Default: always. */
  expectedOffset?: number | bigint | undefined;
  /** The epoch of `expectedOffset`. Default: any. */
  expectedEpoch?: string | undefined;
  /** A version that is not above the key's last one is suppressed. Default: none. */
  keyVersion?: number | bigint | undefined;
  /** The epoch of `keyVersion`: in another epoch than the last, any version is new. Default: that of the last version. */
  keyVersionEpoch?: string | undefined;
  /** Whether subscribers that negotiated delta get the difference. Default: false. */
  useDelta?: boolean | undefined;
  /** Whether a call with `if_new` for an existing key prolongs its life. Default: false. */
  refreshTtlOnSuppress?: boolean | undefined;
}

/** The arguments of `map_remove` and `map_remove_strict`. */
export interface MapRemoveArguments
  extends IdempotencyArguments,
    Pick<PublisherArguments, "clientId" | "userId"> {
  /** The channel, with its namespace. Required. */
  channel: string;
  /** The key in the map. Required. */
  key: string;
  /** How long the channel's position is kept, in milliseconds. Default: as before. */
  metaTtlMs?: number | undefined;
  /** Removes the key only if its last change has this offset. Default: always. */
  expectedOffset?: number | bigint | undefined;
  /** The epoch of `expectedOffset`. Default: any. */
  expectedEpoch?: string | undefined;
}

/** The arguments of `stream_top_position` and `stream_remove_history`. */
export interface ChannelArguments {
  /** The channel, with its namespace. Required. */
  channel: string;
}

/** The functions of Centrifugo's PostgreSQL brokers, without their prefix, and the arguments of each. */
export interface BrokerRequests {
  /** Publishes: `out_channel_offset`, `out_epoch`, `out_suppressed`, `out_suppress_reason`. */
  stream_publish: StreamPublishArguments;
  /** As `stream_publish`, with an error (P0001) in place of `out_suppressed`. */
  stream_publish_strict: StreamPublishArguments;
  /** Returns `out_top_offset` and `out_epoch`: 0 and "" for an unknown channel. */
  stream_top_position: ChannelArguments;
  /** Removes the history of a channel. The position stays. */
  stream_remove_history: ChannelArguments;
  /** Tells the subscribers of a channel that a client came. */
  stream_publish_join: StreamMemberArguments;
  /** Tells the subscribers of a channel that a client left. */
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
