// The public contract, and nothing else. Left out on purpose: the transports as such (a client takes any Connect
// transport, and makes ours by name), the codec, and the method table.

export type { Interceptor, Transport } from "@connectrpc/connect";
export type { CallOptions } from "./call-options.ts";
export { createClient } from "./client.ts";
export type { ConsumerCommand, ConsumerMethod } from "./command.ts";
export { createCommand } from "./command.ts";
export { configFromEnv } from "./environment.ts";
export type { CentErrorOptions, Failure } from "./errors.ts";
export {
  CentApiResponseError,
  CentDecodeError,
  CentError,
  CentNetworkError,
  CentPartialError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
  ErrorCode,
  isCentError,
} from "./errors.ts";
export type { GrpcSessionOptions } from "./grpc/session.ts";
export type { HeadersInput, Secret } from "./headers.ts";
export type { Int64 } from "./integers.ts";
export type { Item, Unwrapped } from "./items.ts";
export { failures, unwrap } from "./items.ts";
export type { JsonOptions } from "./json-options.ts";
export type { ManyItem, ManyProgress } from "./many/many-item.ts";
export type { ManyMethods } from "./many/many-methods.ts";
export type { ManyOptions } from "./many/many-options.ts";
export type { ManyRun } from "./many/many-run.ts";
export type { BatchingOptions, ClientOptions, HttpOptions } from "./options.ts";
export type { BatchCommand, BatchRequest, CentRequest } from "./request-types.ts";
export type { BatchResult, CentResult } from "./result-types.ts";
export type { CommandName, DefaultService, MethodName } from "./service-types.ts";
export type { TlsOptions } from "./tls-options.ts";
export type { CentClient, CentMethods, UntypedMethods } from "./types.ts";
