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

/** The sender of HTTP requests: one of the two. Default: a pool of undici on Node.js, `fetch` elsewhere. */
export interface HttpOptions {
  /** An undici dispatcher (`Agent`, `Pool`, `ProxyAgent` …). It stays yours to close. */
  dispatcher?: Dispatcher | undefined;
  /** A function like the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
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
  /** The key of the server's `http_api.key` or `grpc_api.key`, or a function that is asked for it before each call. */
  apiKey?: Secret | undefined;
  /** A JWT instead of a key, for Centrifugo PRO with a JWKS endpoint. */
  bearerToken?: Secret | undefined;
  /** Milliseconds that a call may take: connecting, sending and reading. 0 for no limit. Default 10,000. */
  timeoutMs?: number | undefined;
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
   * order in which they were made. Calls with headers of their own, `batch` itself, and over HTTP calls such as `rpc`,
   * whose reply may hold what JSON cannot, are sent by themselves. Default false.
   */
  batching?: boolean | BatchingOptions | undefined;
  /** The service's descriptor, generated from another api.proto. Default: the one of this package. */
  service?: Service | undefined;
}
