import { readChannelAccess } from "./client-access.ts";
import type { ConfigReader } from "./config-reader.ts";
import { TestConfigError } from "./config-reader.ts";
import { readMapSettings } from "./map-config.ts";
import type { ChannelOptions } from "./server-options.ts";

export const dataFormats = ["", "json", "json_object", "binary"];

const subscriptionTypes = ["", "stream", "map", "map_clients", "map_users", "shared_poll"];

/** Settings of the whole server that each namespace depends on. */
export interface ChannelDefaults {
  readonly historyMetaTtlMs: number;
  readonly publicationDataFormat: string;
  readonly hasProxy: boolean;
  /** Throws a TestConfigError if shared polling is not set up. */
  readonly checkSharedPoll: (path: string) => void;
}

/** Reads and checks the options of one namespace. */
export function readChannelOptions(config: ConfigReader, defaults: ChannelDefaults): ChannelOptions {
  const ownMetaTtlMs = config.seconds("history_meta_ttl");
  const historyMetaTtlMs = ownMetaTtlMs === 0 ? defaults.historyMetaTtlMs : ownMetaTtlMs;
  const size = config.integer("history_size");
  const ttlMs = config.seconds("history_ttl");
  if ((size === 0) !== (ttlMs === 0)) {
    throw new TestConfigError(
      `${config.path}: history_size and history_ttl go together, and only one of them is set`,
    );
  }
  if (historyMetaTtlMs < ttlMs) {
    throw new TestConfigError(`${config.path}: history_ttl is longer than history_meta_ttl`);
  }
  const forceRecovery = config.boolean("force_recovery");
  if (forceRecovery && size === 0) {
    throw new TestConfigError(`${config.path}: force_recovery needs history_size and history_ttl`);
  }
  checkUnmodelled(config, forceRecovery);
  const format = config.choice("publication_data_format", dataFormats);
  const type = config.choice("subscription_type", subscriptionTypes);
  const subscriptionType = type === "" ? "stream" : type;
  const sharedPollPublishEnabled = readSharedPoll(config, subscriptionType, defaults);
  const options: ChannelOptions = {
    presence: config.boolean("presence"),
    joinLeave: config.boolean("join_leave"),
    forcePushJoinLeave: config.boolean("force_push_join_leave"),
    history: size > 0 && ttlMs > 0 ? { size, ttlMs, metaTtlMs: historyMetaTtlMs } : undefined,
    historyMetaTtlMs,
    forcePositioning: config.boolean("force_positioning"),
    forceRecovery,
    publicationDataFormat: format === "" ? defaults.publicationDataFormat : format,
    subscriptionType,
    map: readMapSettings(config.object("map"), subscriptionType),
    sharedPollPublishEnabled,
    access: defaults.hasProxy ? readChannelAccess(config) : undefined,
  };
  config.ignoreRest();
  return options;
}

/** Checks options as the server does, although they have no effect here. */
function checkUnmodelled(config: ConfigReader, forceRecovery: boolean): void {
  const recoveryMode = config.choice("force_recovery_mode", ["", "stream", "cache"]);
  config.ignore("force_recovery_mode", recoveryMode === "cache");
  const autoCacheRecover = config.boolean("auto_cache_recover");
  config.ignore("auto_cache_recover", autoCacheRecover);
  if (autoCacheRecover && !(forceRecovery && recoveryMode === "cache")) {
    throw new TestConfigError(
      `${config.path}: auto_cache_recover needs force_recovery and force_recovery_mode "cache"`,
    );
  }
  const deltaTypes = config.strings("allowed_delta_types");
  config.ignore("allowed_delta_types", deltaTypes.length > 0);
  const unknown = deltaTypes.find((type) => type !== "fossil");
  if (unknown !== undefined) {
    const path = config.pathOf("allowed_delta_types");
    throw new TestConfigError(`${path}: expected "fossil", got ${JSON.stringify(unknown)}`);
  }
}

function readSharedPoll(config: ConfigReader, subscriptionType: string, defaults: ChannelDefaults): boolean {
  const sharedPoll = config.object("shared_poll");
  const publishEnabled = sharedPoll.boolean("publish_enabled");
  if (subscriptionType === "shared_poll") {
    defaults.checkSharedPoll(config.path);
    const mode = sharedPoll.choice("mode", ["", "versionless", "versioned"]);
    if (publishEnabled && mode !== "versioned") {
      throw new TestConfigError(`${sharedPoll.path}: publish_enabled needs mode "versioned"`);
    }
  }
  sharedPoll.ignoreRest();
  return publishEnabled;
}
