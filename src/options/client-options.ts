import type { DescService } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import type { DefinedChannels } from "../channels/define-channels.ts";
import type { Int64 } from "../codec/integers.ts";
import type { JsonOptions } from "../codec/payload.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { GrpcSessionOptions } from "../transport/grpc/connection-settings.ts";
import type { HttpDispatcher } from "../transport/http/post-client.ts";
import type { TlsOptions } from "../transport/tls.ts";
import type { Secret } from "./authorization.ts";
import type { HeadersInput } from "./headers.ts";
import type { RetryOptions } from "./retry-options.ts";

/** How HTTP requests are sent. By default over an undici pool on Node.js, and over `fetch` elsewhere. */
export interface HttpOptions {
  /** A dispatcher of undici 7 or 8 (`Agent`, `Pool`, `ProxyAgent` …). `close` of the client leaves it open. */
  dispatcher?: HttpDispatcher | undefined;
  /** A function like the global `fetch`. Not together with `dispatcher`. */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Milliseconds after which the default pool closes an idle connection. Should be shorter than the limit of the server or
   * of a proxy. Default 4,000, or the limit in the server's `Keep-Alive` header.
   */
  keepAliveMs?: number | undefined;
}

/** How calls that are made at the same time share requests. */
export interface BatchingOptions {
  /** Maximum number of calls in a request. Default 500. */
  maxCommands?: number | undefined;
  /**
   * Approximate maximum number of bytes in a request. A larger call is sent alone. Default 524,288 (512 KiB). Centrifugo
   * accepts 4 MiB over gRPC; a proxy may accept less.
   */
  maxBytes?: number | undefined;
  /**
   * Milliseconds that a call waits for others. Default 0: to the end of the event loop's turn, or of its microtasks if no
   * request is in flight. Must be less than `timeoutMs`. A call with a shorter `timeoutMs` of its own may time out unsent.
   */
  maxDelayMs?: number | undefined;
  /**
   * Maximum number of shared requests in flight. Further calls wait and share the next one. If a batch is refused, its
   * calls are sent one by one in its place. Default 4.
   */
  inFlight?: number | undefined;
}

/** The options of `createClient`. For a Connect transport in place of an address, see {@link TransportOptions}. */
export interface ClientOptions<Service extends DescService = DefaultService, Mode extends Int64 = "number"> {
  /** Default `"http"`. */
  transport?: "http" | "grpc" | undefined;
  /**
   * The address of the API. HTTP: with the path, `http://localhost:8000/api`. gRPC: `http://localhost:10000`, or
   * `https://…` for TLS.
   */
  url: string | URL;
  /** Path of a Unix socket to connect to. `url` still gives the host and the path. */
  socketPath?: string | undefined;
  /** The server's `http_api.key` or `grpc_api.key`, or a function that gives it: see {@link Secret}. */
  apiKey?: Secret | undefined;
  /** A JWT in place of `apiKey`, for Centrifugo PRO with a JWKS endpoint. */
  bearerToken?: Secret | undefined;
  /** Milliseconds that a call may take, with waiting, connecting and retries; 0 for no limit. Default 10,000. */
  timeoutMs?: number | undefined;
  /** Milliseconds that opening a connection may take, TLS included. Does not depend on `timeoutMs`. Default 10,000. */
  connectTimeoutMs?: number | undefined;
  /** How failed requests are sent again; false sends each once. Default: up to 3 attempts, see {@link RetryOptions}. */
  retry?: RetryOptions | false | undefined;
  /**
   * Maximum number of requests in flight; further ones wait. Default over HTTP: 64, the size of the pool, or no limit with
   * `http.dispatcher` or `http.fetch`. Default over gRPC: 1,000, or the server's limit if lower. Refused in Cloudflare
   * Workers, where a call that waits for a call of another request never ends.
   */
  maxInFlight?: number | undefined;
  /** Maximum number of requests that wait to be sent. Further calls reject with a CentQueueFullError. Default: no limit. */
  maxQueued?: number | undefined;
  /** Maximum number of bytes in a reply; a longer one gives a CentDecodeError. Default 33,554,432 (32 MiB). */
  maxResponseBytes?: number | undefined;
  /** Headers, or gRPC metadata, of each call. */
  headers?: HeadersInput | undefined;
  /** Connect interceptors, the first one outermost. They see the generated messages. */
  interceptors?: readonly Interceptor[] | undefined;
  /** The type of 64-bit integers in results. Default `"number"`: calls reject with a CentDecodeError beyond 2^53 - 1. */
  int64?: Mode | undefined;
  /** Functions to use for data in place of `JSON.stringify` and `JSON.parse`. */
  json?: JsonOptions | undefined;
  /** How HTTP requests are sent. */
  http?: HttpOptions | undefined;
  /** gRPC connections: pings, and how long an idle one stays open. */
  grpc?: GrpcSessionOptions | undefined;
  /** TLS settings, for either transport. */
  tls?: TlsOptions | undefined;
  /**
   * Sends calls made in the same turn of the event loop as one `batch` request. Each call keeps its own result, errors,
   * `timeoutMs` and `signal`. The server executes calls about one channel in the order they were made. Some calls are sent
   * alone: `batch`, calls with own headers or retry options, over HTTP also those that read data, as `rpc`. Default false.
   * Refused in Cloudflare Workers, as `maxInFlight` is.
   */
  batching?: boolean | BatchingOptions | undefined;
  /** Channels of `defineChannels` of `tscent/channels`. Their schemas type and check data. Default: any data. */
  channels?: DefinedChannels | undefined;
  /** The descriptor of a service generated from another api.proto. Default: this package's. */
  service?: Service | undefined;
}

/** Options of our transports only. A caller's transport has settings of its own. */
export const ofOurTransports = [
  "url",
  "http",
  "grpc",
  "tls",
  "interceptors",
  "socketPath",
  "connectTimeoutMs",
  "maxInFlight",
  "maxQueued",
  "maxResponseBytes",
] as const satisfies readonly (keyof ClientOptions)[];

/** The options of `createClient` for a Connect transport, which has its own address and settings. */
export interface TransportOptions<Service extends DescService = DefaultService, Mode extends Int64 = "number">
  extends Omit<ClientOptions<Service, Mode>, "transport" | (typeof ofOurTransports)[number]> {
  transport: Transport;
}
