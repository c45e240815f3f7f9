/** "300s", "1h30m" or the like, as Go writes durations; a number is nanoseconds. */
export type ConfigDuration = string | number;

/** The channel options that the test server models. Others are accepted and listed in `ignored`. */
export interface ChannelConfig {
  /** Who is in a channel can be asked. Default false. */
  presence?: boolean;
  /** Clients that come and go are announced. Default false. */
  join_leave?: boolean;
  /** Joins and leaves are sent to those who are subscribed, unasked. Default false. */
  force_push_join_leave?: boolean;
  /** How many publications a channel keeps. Goes together with `history_ttl`. Default 0: none. */
  history_size?: number;
  /** How long they are kept after the last one; whole seconds. Default 0. */
  history_ttl?: ConfigDuration;
  /** How long offset and epoch outlive the last use; whole seconds. Default: that of `channel`. */
  history_meta_ttl?: ConfigDuration;
  /** Subscriptions have a position in the history. Default false. */
  force_positioning?: boolean;
  /** Subscriptions have a position, from which they can recover. Needs a history. Default false. */
  force_recovery?: boolean;
  /** What may be published: "json", "json_object" or "binary". Default: that of `channel`. */
  publication_data_format?: string;
  /** "stream" (default), "map", "map_clients", "map_users" or "shared_poll". */
  subscription_type?: string;
  /** Options of a map namespace. */
  map?: {
    /** "ephemeral", "recoverable" or "persistent". */
    mode?: string;
    /** How long an entry lives after it was last set. Needed but in persistent mode, which has none. */
    key_ttl?: ConfigDuration;
    /** How many changes are kept. Default 100. */
    stream_size?: number;
    /** How long they are kept after the last one. Default "1m". */
    stream_ttl?: ConfigDuration;
    /** How long offset and epoch outlive the last use. Default: ten times `stream_ttl`; in persistent mode, for ever. */
    meta_ttl?: ConfigDuration;
    [key: string]: unknown;
  };
  /** Options of a shared-poll namespace. */
  shared_poll?: {
    /** "versionless" (default) or "versioned". */
    mode?: string;
    /** Whether `sharedPollPublish` is available. Needs the versioned mode. Default false. */
    publish_enabled?: boolean;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** Centrifugo's own configuration, as in its config.json: what the test server models of it. */
export interface CentrifugoConfig {
  /** The HTTP API. */
  http_api?: {
    /** Without a key every call is 401, unless `insecure`. */
    key?: string;
    /** No key is asked for. Default false. */
    insecure?: boolean;
    /** Default false. */
    disabled?: boolean;
    /** Default "/api". */
    handler_prefix?: string;
    /** "transport": errors of the API as HTTP statuses. Default "". */
    error_mode?: string;
    [key: string]: unknown;
  };
  /** The gRPC API. */
  grpc_api?: {
    /** Unlike a real server, the test server serves gRPC unless this is false. */
    enabled?: boolean;
    /** Without a key everybody may call. */
    key?: string;
    /** "transport": errors of the API as gRPC statuses. Default "". */
    error_mode?: string;
    /** Bytes. Default 4 MiB. */
    max_receive_message_size?: number;
    [key: string]: unknown;
  };
  /** Channels and their namespaces. */
  channel?: {
    /** Channels without a namespace. */
    without_namespace?: ChannelConfig;
    /** The namespaces, whose names are what stands before the boundary in a channel. */
    namespaces?: (ChannelConfig & { name: string })[];
    /** How long offset and epoch of a history outlive the last use; whole seconds. Default "720h". */
    history_meta_ttl?: ConfigDuration;
    /** What may be published: "json", "json_object" or "binary". Default "": anything but nothing. */
    publication_data_format?: string;
    /** Default "$". */
    private_prefix?: string;
    /** Default ":". */
    namespace_boundary?: string;
    /** Shared polling demands `shared_poll_refresh.endpoint`, which nobody calls here. */
    proxy?: { [key: string]: unknown };
    [key: string]: unknown;
  };
  /** Shared polling demands a secret. */
  shared_poll?: { hmac_secret_key?: string; [key: string]: unknown };
  /** What `info` tells of the node. */
  node?: {
    /** Default: made of the machine's name and the HTTP port. */
    name?: string;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}
