import type { ConfigReader } from "./config-reader.ts";

/** The rights of clients in the channels of a namespace, and the questions of Centrifugo to its proxy. */
export interface ChannelAccess {
  /** The event that decides about subscriptions; undefined if none does. */
  readonly subscribeEvent: "subscribe" | "subscribeUnidirectional" | "subscribeBidirectional" | undefined;
  readonly asksPublish: boolean;
  readonly allowsSubscribe: Allowed;
  readonly allowsPublish: Allowed;
  /** Whether subscribers may publish. */
  readonly allowsSubscribersToPublish: boolean;
}

/** The clients that may do something without a question. */
export type Allowed = "nobody" | "users" | "everybody";

/** The rights of clients in the whole server, and the questions of Centrifugo to its proxy. */
export interface ClientAccess {
  readonly asksConnect: boolean;
  /** Whether a client may connect without a token, as the anonymous user. */
  readonly allowsAnonymous: boolean;
  /** Whether everybody may do everything about which Centrifugo does not ask. */
  readonly insecure: boolean;
  /** Whether Centrifugo asks about methods without a namespace, and of each namespace. */
  readonly asksRpc: boolean;
  readonly rpcNamespaces: ReadonlyMap<string, boolean>;
}

/** Reads the rights of clients in one namespace. */
export function readChannelAccess(config: ConfigReader): ChannelAccess {
  const isStream = config.boolean("subscribe_stream_proxy_enabled");
  const isBidirectional = config.boolean("subscribe_stream_proxy_bidirectional");
  const isAsked = config.boolean("subscribe_proxy_enabled");
  const stream = isBidirectional ? "subscribeBidirectional" : "subscribeUnidirectional";
  return {
    subscribeEvent: isStream ? stream : isAsked ? "subscribe" : undefined,
    asksPublish: config.boolean("publish_proxy_enabled"),
    allowsSubscribe: readAllowed(config, "subscribe"),
    allowsPublish: readAllowed(config, "publish"),
    allowsSubscribersToPublish: config.boolean("allow_publish_for_subscriber"),
  };
}

function readAllowed(config: ConfigReader, action: string): Allowed {
  const allowsUsers = config.boolean(`allow_${action}_for_client`);
  const allowsAnonymous = config.boolean(`allow_${action}_for_anonymous`);
  if (!allowsUsers) return "nobody";
  return allowsAnonymous ? "everybody" : "users";
}

/** Reads the rights of clients in the server. */
export function readClientAccess(root: ConfigReader): ClientAccess {
  const client = root.object("client");
  const rpc = root.object("rpc");
  // The proxies' addresses do not count: the test server asks the proxy that it has.
  rpc.object("proxy");
  const access = {
    asksConnect: client.object("proxy").object("connect").boolean("enabled"),
    allowsAnonymous: client.boolean("allow_anonymous_connect_without_token"),
    insecure: client.boolean("insecure"),
    asksRpc: readAsksRpc(rpc.object("without_namespace")),
    rpcNamespaces: new Map(
      rpc.list("namespaces").map((namespace) => [namespace.string("name"), readAsksRpc(namespace)]),
    ),
  };
  for (const reader of [client, rpc]) reader.ignoreRest();
  return access;
}

function readAsksRpc(config: ConfigReader): boolean {
  const asks = config.boolean("proxy_enabled");
  config.ignoreRest();
  return asks;
}
