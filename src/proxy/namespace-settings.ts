import type { ProxyCore } from "./proxy-core.ts";

type Settings = Readonly<Record<string, unknown>> & { readonly map?: object };

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

const streams = ["subscribeUnidirectional", "subscribeBidirectional"];
/** Events that Centrifugo refuses beside a stream, in one namespace. */
const besideNoStream = [...streams, "subscribe", "publish", "subRefresh"];

/** The settings of the namespaces that handlers name. @throws TypeError for events that cannot be in one namespace */
export function namespaceSettings({ events, handlers }: ProxyCore): Record<"channels" | "methods", object> {
  const namespaces = { channel: new Map<string, string[]>(), method: new Map<string, string[]>() };
  for (const { name, key } of events) {
    const patterns = handlers.get(name);
    if (key === undefined || typeof patterns !== "object") continue;
    for (const namespace of patterns.namespaces)
      namespaces[key].set(namespace, [...(namespaces[key].get(namespace) ?? []), name]);
  }
  const common = handlers.has("notifyChannelState") ? { state_proxy_enabled: true } : {};
  return { channels: settingsOf(namespaces.channel, common), methods: settingsOf(namespaces.method, {}) };
}

function settingsOf(namespaces: ReadonlyMap<string, readonly string[]>, common: Settings): object {
  const named: object[] = [];
  let without: Settings | undefined;
  for (const [name, events] of namespaces) {
    const crowd = events.filter((event) => besideNoStream.includes(event));
    if (crowd.length > 1 && crowd.some((event) => streams.includes(event))) {
      const place = name === "" ? "channels without a namespace" : `the namespace ${name}`;
      throw new TypeError(`config: ${crowd.join(" and ")} cannot all be in ${place}, where a stream is`);
    }
    const settings = events.reduce(withEvent, common);
    if (name === "") without = settings;
    else named.push({ name, ...settings });
  }
  return { ...(without && { without_namespace: without }), ...(named.length > 0 && { namespaces: named }) };
}

function withEvent(settings: Settings, event: string): Settings {
  const { map, ...others } = switches[event] ?? {};
  return { ...settings, ...others, ...(map && { map: { ...settings.map, ...map } }) };
}
