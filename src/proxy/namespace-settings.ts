import type { ProxyCore } from "./proxy-core.ts";

type Settings = Readonly<Record<string, unknown>>;

/** The settings of a namespace that turn an event on in its channels, by the event's name. */
const switches: Readonly<Record<string, Settings>> = {
  subscribe: { subscribe_proxy_enabled: true },
  publish: { publish_proxy_enabled: true },
  subRefresh: { sub_refresh_proxy_enabled: true },
  mapPublish: { map: { publish_proxy_enabled: true } },
  mapRemove: { map: { remove_proxy_enabled: true } },
  sharedPollRefresh: { subscription_type: "shared_poll" },
  subscribeUnidirectional: { subscribe_stream_proxy_enabled: true },
  subscribeBidirectional: {
    subscribe_stream_proxy_enabled: true,
    subscribe_stream_proxy_bidirectional: true,
  },
  notifyCacheEmpty: { cache_empty_proxy_enabled: true },
  rpc: { proxy_enabled: true },
};

/** Events that Centrifugo refuses to have in one namespace. */
const exclusive = [
  ["subscribeUnidirectional", "subscribeBidirectional"],
  ...["subscribe", "publish", "subRefresh"].flatMap((event) => [
    ["subscribeUnidirectional", event],
    ["subscribeBidirectional", event],
  ]),
];

interface NamespaceSettings {
  readonly without_namespace?: object;
  readonly namespaces?: object[];
}

/** The settings of the namespaces that handlers name. @throws TypeError for events that cannot be in one namespace */
export function namespaceSettings({ events, handlers }: ProxyCore): {
  readonly channels: NamespaceSettings;
  readonly methods: NamespaceSettings;
} {
  const ofKey = { channel: new Map<string, string[]>(), method: new Map<string, string[]>() };
  for (const { name, key } of events) {
    const patterns = handlers.get(name);
    if (key === undefined || typeof patterns !== "object") continue;
    for (const namespace of patterns.namespaces)
      ofKey[key].set(namespace, [...(ofKey[key].get(namespace) ?? []), name]);
  }
  const state = handlers.has("notifyChannelState") ? { state_proxy_enabled: true } : {};
  return { channels: settingsOf(ofKey.channel, state), methods: settingsOf(ofKey.method, {}) };
}

function settingsOf(namespaces: ReadonlyMap<string, readonly string[]>, common: Settings): NamespaceSettings {
  const made = [...namespaces].map(([name, events]) => {
    for (const [one = "", other = ""] of exclusive) {
      if (events.includes(one) && events.includes(other))
        throw new TypeError(`config: ${one} and ${other} cannot both be in ${described(name)}`);
    }
    return { name, settings: events.reduce<Settings>(withEvent, common) };
  });
  const [without] = made.filter(({ name }) => name === "");
  const named = made.filter(({ name }) => name !== "");
  return {
    ...(without === undefined ? {} : { without_namespace: without.settings }),
    ...(named.length === 0 ? {} : { namespaces: named.map(({ name, settings }) => ({ name, ...settings })) }),
  };
}

function withEvent(settings: Settings, event: string): Settings {
  const { map, ...others } = switches[event] ?? {};
  if (map === undefined) return { ...settings, ...others };
  return { ...settings, ...others, map: { ...(settings.map as object), ...(map as object) } };
}

const described = (namespace: string) =>
  namespace === "" ? "channels without a namespace" : `the namespace ${namespace}`;
