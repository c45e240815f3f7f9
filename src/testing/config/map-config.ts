import type { MapSettings } from "../brokers/map-options.ts";
import type { ConfigReader } from "./config-reader.ts";
import { TestConfigError } from "./config-reader.ts";

/** Reads and checks the `map` options of a namespace. Like the server, it checks them in every type of namespace. */
export function readMapSettings(config: ConfigReader, subscriptionType: string): MapSettings {
  const settings: MapSettings = {
    mode: config.choice("mode", ["", "ephemeral", "recoverable", "persistent"]),
    keyTtlMs: config.duration("key_ttl"),
    streamSize: config.integer("stream_size"),
    streamTtlMs: config.duration("stream_ttl"),
    metaTtlMs: config.duration("meta_ttl"),
  };
  const problem = findProblem(settings, subscriptionType);
  if (problem !== undefined) throw new TestConfigError(`${config.path}: ${problem}`);
  checkUnmodelled(config, subscriptionType);
  config.ignoreRest();
  return settings;
}

function findProblem(settings: MapSettings, subscriptionType: string): string | undefined {
  const { mode, keyTtlMs, streamSize, streamTtlMs, metaTtlMs } = settings;
  if (mode === "") {
    return subscriptionType.startsWith("map") ? `a ${subscriptionType} namespace needs a mode` : undefined;
  }
  if (mode === "persistent") {
    if (keyTtlMs !== 0) return "key_ttl must be 0 in persistent mode, where entries do not expire";
    if (subscriptionType === "map_clients" || subscriptionType === "map_users") {
      return `a ${subscriptionType} namespace cannot be persistent: its entries must expire`;
    }
  } else if (keyTtlMs <= 0) {
    return `mode ${mode} needs a key_ttl above 0`;
  }
  if (mode === "ephemeral") {
    const isSet = streamSize > 0 || streamTtlMs !== 0 || metaTtlMs !== 0;
    return isSet
      ? "an ephemeral map has no stream: stream_size, stream_ttl and meta_ttl must be 0"
      : undefined;
  }
  if (streamSize < 0 || streamTtlMs < 0 || metaTtlMs < 0) {
    return "stream_size, stream_ttl and meta_ttl must not be negative";
  }
  const effectiveStreamTtlMs = streamTtlMs === 0 ? 60_000 : streamTtlMs;
  if (metaTtlMs !== 0 && metaTtlMs < effectiveStreamTtlMs) {
    return `meta_ttl (${metaTtlMs} ms) must not be shorter than stream_ttl (${effectiveStreamTtlMs} ms)`;
  }
  return undefined;
}

/** Checks options as the server does, although they have no effect here. */
function checkUnmodelled(config: ConfigReader, subscriptionType: string): void {
  config.ignore("client_key", config.choice("client_key", ["", "client_id", "user_id"]) !== "");
  const removes = config.boolean("remove_client_on_unsubscribe");
  config.ignore("remove_client_on_unsubscribe", removes);
  if (removes && !subscriptionType.startsWith("map")) {
    throw new TestConfigError(`${config.path}: remove_client_on_unsubscribe is for map namespaces`);
  }
  const sizes = ["min_page_size", "default_page_size", "max_page_size"].map((key) => {
    const size = config.integer(key);
    if (size < 0) throw new TestConfigError(`${config.path}.${key}: expected 0 or more, got ${size}`);
    config.ignore(key, size !== 0);
    return size;
  });
  const set = sizes.filter((size) => size !== 0);
  if (set.some((size, index) => size > (set[index + 1] ?? size))) {
    throw new TestConfigError(`${config.path}: expected min_page_size <= default_page_size <= max_page_size`);
  }
}
