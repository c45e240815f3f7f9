import type { buildConnector, Dispatcher, Pool } from "undici";
import { defaultConnectTimeoutMs } from "../connection-options.ts";
import type { EnvProxy } from "./env-proxy.ts";
import type { Undici } from "./load-undici.ts";
import type { PostClientOptions } from "./post-client.ts";

/** Calls in flight at a time, and connections of the pool. */
export const defaultMaxInFlight = 64;
/** Servers that announce no time close idle connections after 5 s or more. */
const defaultKeepAliveMs = 4_000;

/** A dispatcher, and the place that a request goes to, for messages. */
export interface PoolTarget {
  readonly dispatcher: Dispatcher;
  readonly place: () => string;
}

/** A pool of keep-alive connections to an origin, direct or through a proxy. */
export function openPool(
  undici: Undici,
  options: PostClientOptions,
  proxy: EnvProxy | undefined,
  closing: AbortSignal,
): PoolTarget {
  const { origin, tls, socketPath, maxInFlight, keepAliveMs } = options;
  const timeout = options.connectTimeoutMs ?? defaultConnectTimeoutMs;
  const connector = undici.buildConnector({
    ...tls,
    ...(socketPath !== undefined && { socketPath }),
    // Over HTTP/2, undici mistakes a reset stream for a complete response.
    allowH2: false,
    timeout,
    signal: closing,
  });
  const settings: Pool.Options = {
    connections: maxInFlight ?? defaultMaxInFlight,
    // A call's own deadline covers the response, so undici's limits are off.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs ?? defaultKeepAliveMs,
    // A server may announce a longer time, unless the caller has set one.
    ...(keepAliveMs !== undefined && { keepAliveMaxTimeout: keepAliveMs }),
  };
  let isDirect = proxy === undefined;
  const connect: buildConnector.connector = (options, callback) => {
    isDirect = true;
    connector(options, (...made) => {
      // Node leaves a socket open after a TLS error, and undici waits for its end.
      made[1]?.once("error", () => made[1]?.destroy());
      callback(...made);
    });
  };
  if (proxy === undefined || undici.proxy === undefined)
    return { dispatcher: new undici.Pool(origin, { ...settings, connect }), place: () => origin };
  const tunnel = { connect: undici.proxy.connect };
  const dispatcher = new undici.proxy.EnvHttpProxyAgent({
    ...settings,
    ...proxy.variables,
    connect,
    requestTls: { ...tls, allowH2: false, timeout, signal: closing },
    proxyTls: { allowH2: false, timeout, signal: closing },
    // The time of CONNECT belongs to the connection.
    clientFactory: (url, given) =>
      Object.assign(new undici.Pool(url, { ...given, headersTimeout: timeout }), tunnel),
    // By default, forwarded requests have none of the settings.
    factory: (url, given) => new undici.Pool(url, { ...settings, ...given }),
  });
  return { dispatcher, place: () => (isDirect ? origin : `${origin} through the proxy ${proxy.address}`) };
}
