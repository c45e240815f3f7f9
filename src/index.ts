// The public contract. The transports, the codec and the method table stay private: `transport: "grpc"` selects a
// transport by name, and any Connect transport can replace it.

import "./check-node.ts";

export type { Interceptor, Transport } from "@connectrpc/connect";
// The request and result of each method: PublishRequest, PublishResult and so on.
export type * from "../gen/centrifugal/centrifugo/api/api_types.ts";
export type { Item, ManyItem, Unwrapped } from "./call/items.ts";
export { failures, unwrap } from "./call/items.ts";
export type { BatchCommand, BatchRequest, CentRequest } from "./call/request-types.ts";
export type { BatchResult, CentResult } from "./call/result-types.ts";
export type { ChannelClient } from "./client/channel-client.ts";
export type { CentClient, CentMethods, UntypedMethods } from "./client/client-types.ts";
export type { ConsumerCommand } from "./client/consumer-command.ts";
export { createCommand } from "./client/consumer-command.ts";
export { createClient } from "./client/create-client.ts";
export type { ManyMethods } from "./client/many-methods.ts";
export type { ItemOf, PagedMethod, PageOf, RequestOf } from "./client/paging/paged-methods.ts";
export type { Pages } from "./client/paging/pages.ts";
export { paginate } from "./client/paging/paginate.ts";
export type { Int64 } from "./codec/integers.ts";
export type { JsonOptions } from "./codec/payload.ts";
export type { CentErrorOptions, Failure } from "./errors/cent-error.ts";
export {
  CentApiResponseError,
  CentDecodeError,
  CentError,
  CentNetworkError,
  CentPartialError,
  CentPositionError,
  CentQueueFullError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
  ErrorCode,
  isCentError,
} from "./errors/cent-error.ts";
export type { ManyRun } from "./many-calls/runs/many-run.ts";
export type { Secret } from "./options/authorization.ts";
export type { CallOptions } from "./options/call-options.ts";
export type {
  BatchingOptions,
  ClientOptions,
  HttpOptions,
  TransportOptions,
} from "./options/client-options.ts";
export type { CloseOptions } from "./options/close-options.ts";
export { configFromEnv } from "./options/config-from-env.ts";
export type { HeadersInput } from "./options/headers.ts";
export type { ManyOptions, ManyProgress } from "./options/many-options.ts";
export type { Retry, RetryOptions } from "./options/retry-options.ts";
export type { ConsumerMethod } from "./schema/consumer-methods.ts";
export type { CommandName, DefaultService, MethodName } from "./schema/service-types.ts";
export type { TracedCall, TracedProxyRequest, TracedServer, TracedWork } from "./tracing/traced.ts";
export type { GrpcSessionOptions } from "./transport/grpc/connection-settings.ts";
export type { HttpDispatcher } from "./transport/http/post-client.ts";
export type { TlsOptions } from "./transport/tls.ts";
