import type { ProxyHandlers } from "../../gen/centrifugal/centrifugo/proxy/proxy_handlers.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ProxyFailure } from "./proxy-core.ts";

/** Options of `createProxy`: the handlers of the events, and these. */
export interface ProxyOptions<Mode extends Int64 = "number"> extends ProxyHandlers<Mode> {
  /**
   * The secret that Centrifugo sends with each request, or several of them while it changes: requests with any of them are
   * taken, and `config()` has the first. False says that only the network protects the proxy. Required.
   */
  readonly secret: string | readonly string[] | false | undefined;
  /** The header with the secret, over gRPC the `credentials_key`. Default `x-centrifugo-secret`. */
  readonly secretHeader?: string | undefined;
  /** The longest body over HTTP, in bytes; a longer one gets status 413. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** The type of 64-bit integers in requests. A number that is not exact is refused. Default `number`. */
  readonly int64?: Mode | undefined;
  /**
   * Takes what handlers throw by accident, results that must not be sent, and requests that cannot be read. Clients see
   * none of it. Default `console.error`.
   */
  readonly onError?: ((error: unknown, failure: ProxyFailure) => unknown) | undefined;
}
