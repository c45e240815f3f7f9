import type { ProxySettings } from "../proxy/proxy-settings.ts";
import type { CentrifugoConfig, ChannelConfig } from "./config-shape.ts";

type Namespace = ChannelConfig & { name: string };

/**
 * A configuration with the settings of `proxy.config()`, unless it has a proxy already.
 *
 * @param options the options of namespaces that only the proxy names
 */
export function withProxy(
  config: CentrifugoConfig,
  added: ProxySettings,
  options: ChannelConfig,
): CentrifugoConfig {
  const { client, channel = {}, rpc } = config as { [key: string]: { [key: string]: unknown } | undefined };
  if (client?.proxy || channel.proxy || rpc?.proxy) return config;
  const { without_namespace: without, namespaces = [], ...channels } = added.channel ?? {};
  const own = config.channel?.namespaces ?? [];
  const merged = own.map((one) =>
    mergedOptions(
      one,
      namespaces.find(({ name }) => name === one.name),
    ),
  );
  const others = namespaces.filter(({ name }) => !own.some((one) => one.name === name));
  return {
    ...config,
    ...(added.client && { client: { ...client, ...added.client } }),
    ...(added.rpc && { rpc: { ...rpc, ...added.rpc } }),
    // Shared polling needs a secret, with which no client of the test server signs.
    shared_poll: { hmac_secret_key: "secret", ...config.shared_poll },
    channel: {
      ...config.channel,
      ...channels,
      without_namespace: mergedOptions(config.channel?.without_namespace ?? {}, without),
      namespaces: [...merged, ...others.map((one): Namespace => mergedOptions({ ...options, ...one }))],
    },
  };
}

function mergedOptions<Options extends ChannelConfig>(own: Options, added: ChannelConfig = {}): Options {
  const map = { ...own.map, ...added.map };
  return { ...own, ...added, ...(Object.keys(map).length > 0 && { map }) };
}
