import type { DescService } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import type { Dispatcher } from "undici";
import type { Int64 } from "../codec/integers.ts";
import type { JsonOptions } from "../codec/payload.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { GrpcSessionOptions } from "../transport/grpc/connection-settings.ts";
import type { TlsOptions } from "../transport/tls.ts";
import type { Secret } from "./authorization.ts";
import type { HeadersInput } from "./headers.ts";
import type { RetryOptions } from "./retry-options.ts";

/** The sender of HTTP requests: a dispatcher, a function, or by default a pool of undici on Node.js and `fetch` elsewhere. */
export interface HttpOptions {
  /** A dispatcher of undici 7 or 8 (`Agent`, `Pool`, `ProxyAgent` …). It stays yours to close. */
  dispatcher?: Dispatcher | undefined;
  /** A function like the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Milliseconds after which an idle connection of our own pool is given up, before the server closes it. Default 4,000, or
   * what the server announces. A proxy in front of it may need less.
   */
  keepAliveMs?: number | undefined;
}

/** How calls that are made at the same time share requests. */
export interface BatchingOptions {
  /** The most calls in one request. Default 500. */
  maxCommands?: number | undefined;
  /**
   * The most bytes in one request, about; a larger call goes by itself. Default 524,288 (512 KiB). Centrifugo takes 4 MiB
   * over gRPC, and what stands in front of it may take less.
   */
  maxBytes?: number | undefined;
  /**
   * Milliseconds that a call waits for others. Default 0: until the turn of the event loop is over, or, with no request
   * under way, the microtasks. Less than `timeoutMs`; a call whose own `timeoutMs` is shorter may run out of time before
   * it is sent.
   */
  maxDelayMs?: number | undefined;
  /**
   * The most requests under way at the same time; while they are, calls gather for the next one. Calls that are sent again
   * by themselves, as a batch was refused for one of them, count too. Default 4.
   */
  inFlight?: number | undefined;
}

/** The options of `createClient`. */
export interface ClientOptions<Service extends DescService = DefaultService, Mode extends Int64 = "number"> {
  /** The protocol to speak to the server, or any Connect transport, which then needs no `url`. Default `"http"`. */
  transport?: "http" | "grpc" | Transport | undefined;
  /**
   * The address of the API. Over HTTP it includes the path, as in `http://localhost:8000/api`; over gRPC it is as in
   * `http://localhost:10000` (without TLS) or `https://…` (with TLS).
   */
  url?: string | URL | undefined;
  /** A Unix socket to connect to; `url` still gives the host and the path. */
  socketPath?: string | undefined;
  /** The key of the server's `http_api.key` or `grpc_api.key`, or a function that is asked for it before each attempt. */
  apiKey?: Secret | undefined;
  /** A JWT instead of a key, for Centrifugo PRO with a JWKS endpoint. */
  bearerToken?: Secret | undefined;
  /** Milliseconds that a call may take: connecting, sending and reading. 0 for no limit. Default 10,000. */
  timeoutMs?: number | undefined;
  /** Milliseconds that making a connection may take, whatever the calls that wait for it have left. Default 10,000. */
  connectTimeoutMs?: number | undefined;
  /** How requests that failed are sent again; false sends each once. On by default. */
  retry?: RetryOptions | false | undefined;
  /**
   * Requests that are under way at a time; the others wait. Default 64 over HTTP, where it is the size of the pool (none
   * with `http.dispatcher` or `http.fetch`), and 1,000 over gRPC, or what the server permits.
   */
  maxInFlight?: number | undefined;
  /** Requests that may wait to be sent; beyond them calls reject with a CentQueueFullError. Default: no limit. */
  maxQueued?: number | undefined;
  /** Bytes that one reply may have; a longer one is a CentDecodeError. Default 33,554,432 (32 MiB). */
  maxResponseBytes?: number | undefined;
  /** Headers, or gRPC metadata, that go with each call. */
  headers?: HeadersInput | undefined;
  /** Connect interceptors, the first one outermost. They see the generated messages. */
  interceptors?: readonly Interceptor[] | undefined;
  /** The type of 64-bit integers in results. Default `"number"`, which rejects what a number cannot hold. */
  int64?: Mode | undefined;
  /** Replaces `JSON.stringify` and `JSON.parse` for data. */
  json?: JsonOptions | undefined;
  /** The sender of HTTP requests. */
  http?: HttpOptions | undefined;
  /** Settings of the gRPC session: pings, and how long an idle connection is kept. */
  grpc?: GrpcSessionOptions | undefined;
  /** TLS settings, for either transport. */
  tls?: TlsOptions | undefined;
  /**
   * Sends calls that are made in the same turn of the event loop in one `batch` request. Each call has its own result,
   * errors, `timeoutMs` and `signal`, as if it were sent by itself, and calls about one channel are executed in the
   * order in which they were made. Calls with headers or retry options of their own, `batch` itself, and over HTTP calls such as `rpc`,
   * whose reply may hold what JSON cannot, are sent by themselves. Default false.
   */
  batching?: boolean | BatchingOptions | undefined;
  /** The service's descriptor, generated from another api.proto. Default: the one of this package. */
  service?: Service | undefined;
}
