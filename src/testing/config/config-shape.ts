/** A duration in Go's form, such as "300s" or "1h30m". A number is nanoseconds. */
export type ConfigDuration = string | number;

/** The channel options that the test server models. Others are accepted and listed in `ignored`. */
export interface ChannelConfig {
  /** Enables presence. Default false. */
  presence?: boolean;
  /** Announces clients that join and leave. Default false. */
  join_leave?: boolean;
  /** Sends joins and leaves to subscribers that have not asked for them. Default false. */
  force_push_join_leave?: boolean;
  /** Publications that a channel keeps. Needs `history_ttl`. Default 0: none. */
  history_size?: number;
  /** How long publications are kept after the last one, in whole seconds. Default 0. */
  history_ttl?: ConfigDuration;
  /** How long offset and epoch outlive the last use, in whole seconds. Default: `channel.history_meta_ttl`. */
  history_meta_ttl?: ConfigDuration;
  /** Gives subscriptions a position in the history. Default false. */
  force_positioning?: boolean;
  /** Gives subscriptions a position from which they can recover. Needs a history. Default false. */
  force_recovery?: boolean;
  /** The data to accept: "json", "json_object" or "binary". Default: `channel.publication_data_format`. */
  publication_data_format?: string;
  /** "stream" (default), "map", "map_clients", "map_users" or "shared_poll". */
  subscription_type?: string;
  /** Options of a map namespace. */
  map?: {
    /** "ephemeral", "recoverable" or "persistent". A map namespace needs one. */
    mode?: string;
    /** How long an entry lives after it was last set. Required, except in persistent mode: entries stay there. */
    key_ttl?: ConfigDuration;
    /** Changes that are kept. Default 100. */
    stream_size?: number;
    /** How long changes are kept after the last one. Default "1m". */
    stream_ttl?: ConfigDuration;
    /** Life of offset and epoch after the last use. Default: 10 x `stream_ttl`, at least `key_ttl`; persistent: no end. */
    meta_ttl?: ConfigDuration;
    [key: string]: unknown;
  };
  /** Options of a shared-poll namespace. */
  shared_poll?: {
    /** "versionless" (default) or "versioned". */
    mode?: string;
    /** Enables `sharedPollPublish`. Needs mode "versioned". Default false. */
    publish_enabled?: boolean;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** The part of Centrifugo's config.json that the test server models. Other keys are accepted and listed in `ignored`. */
export interface CentrifugoConfig {
  /** The HTTP API. */
  http_api?: {
    /** The key of the HTTP API. Each call gets status 401 if there is none, unless `insecure` is set. */
    key?: string;
    /** Asks for no key. Default false. */
    insecure?: boolean;
    /** Turns the HTTP API off. Default false. */
    disabled?: boolean;
    /** The path of the API. Default "/api". */
    handler_prefix?: string;
    /** "transport" answers API errors as HTTP statuses. Default "". */
    error_mode?: string;
    [key: string]: unknown;
  };
  /** The gRPC API. */
  grpc_api?: {
    /** Default true, unlike in a real server. */
    enabled?: boolean;
    /** The key of the gRPC API. A server without a key asks for none. */
    key?: string;
    /** "transport" answers API errors as gRPC statuses. Default "". */
    error_mode?: string;
    /** In bytes. Default 4 MiB. */
    max_receive_message_size?: number;
    [key: string]: unknown;
  };
  /** Channels and their namespaces. */
  channel?: {
    /** Options of channels without a namespace. */
    without_namespace?: ChannelConfig;
    /** Options of namespaces. The channel "chat:room" is in the namespace "chat". */
    namespaces?: (ChannelConfig & { name: string })[];
    /** How long offset and epoch of a history outlive the last use, in whole seconds. Default "720h". */
    history_meta_ttl?: ConfigDuration;
    /** The data to accept: "json", "json_object" or "binary". Default "": any data that is not empty. */
    publication_data_format?: string;
    /** Start of a private channel, in front of its namespace. Default "$". */
    private_prefix?: string;
    /** The end of the namespace in a channel. Default ":". */
    namespace_boundary?: string;
    /** Shared polling needs `shared_poll_refresh.endpoint`. The test server never calls it. */
    proxy?: { [key: string]: unknown };
    [key: string]: unknown;
  };
  /** Shared polling needs a secret. */
  shared_poll?: { hmac_secret_key?: string; [key: string]: unknown };
  /** The node that `info` describes. */
  node?: {
    /** Default: the machine's name and the HTTP port. */
    name?: string;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}
