import type { CentrifugoConfig, ChannelConfig } from "../../src/testing/index.ts";

/** A configuration with one namespace, "chat". */
export const inNamespace = (options: ChannelConfig): CentrifugoConfig => ({
  channel: { namespaces: [{ name: "chat", ...options }] },
});

const map = (options: ChannelConfig["map"], subscriptionType = "map"): CentrifugoConfig =>
  inNamespace({ subscription_type: subscriptionType, map: { ...options } });

const sharedPoll = (options: ChannelConfig["shared_poll"]): CentrifugoConfig => ({
  shared_poll: { hmac_secret_key: "secret" },
  channel: {
    proxy: { shared_poll_refresh: { endpoint: "http://127.0.0.1:1/" } },
    namespaces: [{ name: "poll", subscription_type: "shared_poll", shared_poll: { ...options } }],
  },
});

/** Configurations that Centrifugo refuses, and the test server's message for each. */
export const refusedConfigs: readonly [config: unknown, message: string][] = [
  [{ http_api: [] }, "http_api: expected an object, got []"],
  [{ http_api: { insecure: "maybe" } }, 'http_api.insecure: expected true or false, got "maybe"'],
  [
    { http_api: { error_mode: "custom" } },
    'http_api.error_mode: expected one of "", "transport", got "custom"',
  ],
  [{ http_api: { handler_prefix: "api" } }, 'http_api.handler_prefix: expected a path from "/", got "api"'],
  [{ grpc_api: { error_mode: "x" } }, "grpc_api.error_mode"],
  [{ engine: { type: "x" } }, 'engine.type: expected one of "memory", "redis", got "x"'],
  [{ channel: { namespaces: "x" } }, 'channel.namespaces: expected a list, got "x"'],
  [{ channel: { publication_data_format: "xml" } }, "channel.publication_data_format"],
  [
    { channel: { history_meta_ttl: "1.5s" } },
    "channel.history_meta_ttl: expected whole seconds, got 1500 ms",
  ],
  [
    { channel: { namespaces: [{ name: "aa" }, { name: "aa" }] } },
    'channel.namespaces[1].name: there already is a "aa"',
  ],
  [{ channel: { namespaces: [{}] } }, "channel.namespaces[0].name"],
  [inNamespace({ name: "a" }), 'channel.namespaces[0].name: expected /^[-a-zA-Z0-9_.]{2,}$/, got "a"'],
  [inNamespace({ name: "a:b" }), "channel.namespaces[0].name"],
  [inNamespace({ history_size: 5 }), "channel.namespaces[0]: history_size and history_ttl go together"],
  [inNamespace({ history_ttl: "5s" }), "history_size and history_ttl go together"],
  [inNamespace({ history_size: 5, history_ttl: "500ms" }), "history_ttl: expected whole seconds, got 500 ms"],
  [inNamespace({ history_size: 5, history_ttl: 5 }), "history_ttl: expected whole seconds"],
  [
    inNamespace({ history_size: 5, history_ttl: "5" }),
    'history_ttl: expected a duration as in "300s", got "5"',
  ],
  [inNamespace({ history_size: 5, history_ttl: "800h" }), "history_ttl is longer than history_meta_ttl"],
  [
    inNamespace({ history_size: 5, history_ttl: "8s", history_meta_ttl: "7s" }),
    "history_ttl is longer than history_meta_ttl",
  ],
  [
    { channel: { without_namespace: { history_size: "x" } } },
    "without_namespace.history_size: expected an integer",
  ],
  [inNamespace({ force_recovery: true }), "force_recovery needs history_size and history_ttl"],
  [inNamespace({ force_recovery_mode: "x" }), "force_recovery_mode"],
  [inNamespace({ auto_cache_recover: true }), "auto_cache_recover needs"],
  [inNamespace({ allowed_delta_types: ["x"] }), 'allowed_delta_types: expected "fossil", got "x"'],
  [inNamespace({ publication_data_format: "xml" }), "publication_data_format"],
  [inNamespace({ subscription_type: "x" }), "subscription_type"],
  [inNamespace({ map: { mode: "x" } }), "channel.namespaces[0].map.mode"],
  [map({}), "channel.namespaces[0].map: a map namespace needs a mode"],
  [map({ mode: "ephemeral" }), "mode ephemeral needs a key_ttl above 0"],
  [map({ mode: "recoverable", key_ttl: "-5s" }), "mode recoverable needs a key_ttl above 0"],
  [map({ mode: "persistent", key_ttl: "5s" }), "key_ttl must be 0 in persistent mode"],
  [map({ mode: "persistent" }, "map_clients"), "a map_clients namespace cannot be persistent"],
  [map({ mode: "persistent" }, "map_users"), "a map_users namespace cannot be persistent"],
  [map({ mode: "ephemeral", key_ttl: "5s", stream_size: 1 }), "an ephemeral map has no stream"],
  [map({ mode: "ephemeral", key_ttl: "5s", meta_ttl: "1s" }), "an ephemeral map has no stream"],
  [map({ mode: "recoverable", key_ttl: "5s", stream_size: -1 }), "must not be negative"],
  [
    map({ mode: "recoverable", key_ttl: "5s", meta_ttl: "5s" }),
    "meta_ttl (5000 ms) must not be shorter than stream_ttl",
  ],
  [map({ mode: "persistent", client_key: "x" }), "map.client_key"],
  [map({ mode: "persistent", min_page_size: 5, max_page_size: 4 }), "min_page_size <= default_page_size"],
  [map({ mode: "persistent", min_page_size: -1 }), "map.min_page_size: expected 0 or more, got -1"],
  [
    inNamespace({ map: { remove_client_on_unsubscribe: true } }),
    "remove_client_on_unsubscribe is for map namespaces",
  ],
  [inNamespace({ subscription_type: "shared_poll" }), "shared_poll needs shared_poll.hmac_secret_key"],
  [
    { shared_poll: { hmac_secret_key: "s" }, ...inNamespace({ subscription_type: "shared_poll" }) },
    "shared_poll needs channel.proxy.shared_poll_refresh.endpoint",
  ],
  [sharedPoll({ publish_enabled: true }), 'publish_enabled needs mode "versioned"'],
  [sharedPoll({ mode: "x" }), "shared_poll.mode"],
];

/** Configurations that Centrifugo accepts, and that the test server models in full. */
export const acceptedConfigs: readonly unknown[] = [
  {},
  { http_api: null },
  { http_api: { insecure: "T", key: 5 } },
  { HTTP_API: { Key: "x" }, Channel: { Without_Namespace: { History_Size: 1, History_TTL: "1s" } } },
  inNamespace({ history_size: 5, history_ttl: 5_000_000_000 }),
  inNamespace({ history_size: 5, history_ttl: "1m30s" }),
  { channel: { namespaces: [{ name: "aa", history_size: "5", history_ttl: "5s" }, { name: "AA" }] } },
  map({ mode: "ephemeral", key_ttl: "500ms" }),
  map({ mode: "persistent" }),
  inNamespace({ map: { mode: "persistent" } }),
  sharedPoll({ mode: "versioned", publish_enabled: true }),
];
