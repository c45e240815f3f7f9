import { describe } from "../../codec/caller-values.ts";
import type { CentProxy } from "../../proxy/create-proxy.ts";
import type { CentrifugoConfig } from "../config/config-shape.ts";

interface Endpoint {
  readonly grpc?: { readonly credentials_key: string; readonly credentials_value: string };
}
type Endpoints = Readonly<Record<string, Endpoint>>;

/** The part of a configuration that turns a proxy's events on. */
export interface ProxySettings {
  readonly client?: { readonly proxy?: Endpoints };
  readonly channel?: NonNullable<CentrifugoConfig["channel"]>;
  readonly rpc?: { readonly proxy?: Endpoint };
}

/** The result of `proxy.config()`, with its secrets in the open. @throws TypeError for something that is no proxy */
export function settingsOf(proxy: CentProxy): ProxySettings {
  if (typeof proxy?.config !== "function" || typeof proxy.routes !== "function")
    throw new TypeError(`proxy: expected a proxy, as createProxy makes, got ${describe(proxy)}`);
  return JSON.parse(JSON.stringify(proxy.config({ url: "grpc://proxy" })));
}

/** The header with a proxy's secret; undefined if it has none. */
export function secretHeaderOf({
  client,
  channel,
  rpc,
}: ProxySettings): [name: string, value: string] | undefined {
  const endpoints = [...Object.values({ ...client?.proxy, ...(channel?.proxy as Endpoints) }), rpc?.proxy];
  const { grpc } = endpoints.find((endpoint) => endpoint?.grpc !== undefined) ?? {};
  return grpc && [grpc.credentials_key, grpc.credentials_value];
}
