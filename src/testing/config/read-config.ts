import { dataFormats, readChannelOptions } from "./channel-config.ts";
import { readClientAccess } from "./client-access.ts";
import { ConfigReader, TestConfigError } from "./config-reader.ts";
import type { CentrifugoConfig } from "./config-shape.ts";
import type { ChannelOptions, ServerOptions } from "./server-options.ts";

/** The configuration of a test server without one. */
export const defaultConfig: CentrifugoConfig = {
  http_api: { key: "api_key" },
  grpc_api: { key: "api_key" },
  channel: { without_namespace: { history_size: 100, history_ttl: "300s", presence: true } },
};

const namespaceName = /^[-a-zA-Z0-9_.]{2,}$/;
const defaultMaxReceiveBytes = 4 * 1024 * 1024;

/**
 * Reads a configuration in Centrifugo's shape. Lists keys that are not modelled, and does not refuse them.
 *
 * @param hasProxy whether the server has a proxy to ask; else the keys for it are listed, too
 * @throws TestConfigError naming the key and what was expected, for values that the server would refuse.
 */
export function readConfig(config: CentrifugoConfig = defaultConfig, hasProxy = false): ServerOptions {
  const ignored: string[] = [];
  const root = new ConfigReader(config, "", ignored);
  const http = readHttp(root.object("http_api"));
  const grpc = readGrpc(root.object("grpc_api"));
  const node = root.object("node");
  const nodeName = node.string("name");
  node.ignoreRest();
  for (const [key, known] of engines) checkEngine(root.object(key), known);
  const secret = sharedPollSecret(root.object("shared_poll"));
  const channels = readChannels(root.object("channel"), secret, hasProxy);
  const access = hasProxy ? readClientAccess(root) : undefined;
  root.ignoreRest();
  return { http, grpc, nodeName, access, ...channels, ignored };
}

function readHttp(config: ConfigReader): ServerOptions["http"] {
  const http = {
    disabled: config.boolean("disabled"),
    prefix: config.string("handler_prefix", "/api").replace(/\/+$/, ""),
    key: config.string("key"),
    insecure: config.boolean("insecure"),
    transportErrors: config.choice("error_mode", ["", "transport"]) === "transport",
  };
  if (http.prefix !== "" && !http.prefix.startsWith("/")) {
    throw new TestConfigError(
      `${config.path}.handler_prefix: expected a path from "/", got "${http.prefix}"`,
    );
  }
  config.ignoreRest();
  return http;
}

function readGrpc(config: ConfigReader): ServerOptions["grpc"] {
  const maxReceiveBytes = config.integer("max_receive_message_size");
  const grpc = {
    enabled: config.boolean("enabled", true),
    key: config.string("key"),
    transportErrors: config.choice("error_mode", ["", "transport"]) === "transport",
    maxReceiveBytes: maxReceiveBytes > 0 ? maxReceiveBytes : defaultMaxReceiveBytes,
  };
  config.ignoreRest();
  return grpc;
}

const brokers = ["memory", "nats", "redis", "redisnats", "postgres"];
const engines: readonly [key: string, known: readonly string[]][] = [
  ["engine", ["memory", "redis"]],
  ["broker", brokers],
  ["map_broker", ["memory", "redis", "postgres"]],
];

/** Checks the type of an engine or broker. The test server always uses memory. */
function checkEngine(config: ConfigReader, known: readonly string[]): void {
  const type = config.choice("type", known, "memory");
  config.ignore("type", type !== "memory");
  config.ignoreRest();
}

function sharedPollSecret(config: ConfigReader): string {
  const secret = config.string("hmac_secret_key");
  config.ignoreRest();
  return secret;
}

type Channels = Pick<
  ServerOptions,
  "privatePrefix" | "namespaceBoundary" | "withoutNamespace" | "namespaces"
>;

function readChannels(config: ConfigReader, secret: string, hasProxy: boolean): Channels {
  const proxy = config.object("proxy");
  const refresh = proxy.object("shared_poll_refresh");
  const endpoint = refresh.string("endpoint");
  if (!hasProxy) refresh.ignoreRest();
  if (!hasProxy) proxy.ignoreRest();
  const defaults = {
    historyMetaTtlMs: config.seconds("history_meta_ttl", "720h"),
    publicationDataFormat: config.choice("publication_data_format", dataFormats),
    hasProxy,
    checkSharedPoll: (path: string) => {
      if (secret === "") throw new TestConfigError(`${path}: shared_poll needs shared_poll.hmac_secret_key`);
      if (endpoint === "") {
        throw new TestConfigError(`${path}: shared_poll needs channel.proxy.shared_poll_refresh.endpoint`);
      }
    },
  };
  const withoutNamespace = readChannelOptions(config.object("without_namespace"), defaults);
  const namespaces = new Map<string, ChannelOptions>();
  for (const namespace of config.list("namespaces")) {
    const name = namespace.string("name");
    if (!namespaceName.test(name)) {
      throw new TestConfigError(
        `${namespace.path}.name: expected ${namespaceName}, got ${JSON.stringify(name)}`,
      );
    }
    if (namespaces.has(name))
      throw new TestConfigError(`${namespace.path}.name: there already is a "${name}"`);
    namespaces.set(name, readChannelOptions(namespace, defaults));
  }
  const privatePrefix = config.string("private_prefix", "$");
  const namespaceBoundary = config.string("namespace_boundary", ":");
  config.ignoreRest();
  return { privatePrefix, namespaceBoundary, withoutNamespace, namespaces };
}
