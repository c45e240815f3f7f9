import type { PathError } from "../codec/path-error.ts";
import { Code, ConnectError, isConnectError } from "../limits/connect-error.ts";

/**
 * The `cause` of a `ConnectError` from our transports. `kind` separates failures that share a Connect code:
 * - network: the connection failed to open, or was lost
 * - status: the response has an error status, `httpStatus` or `grpcStatus`
 * - decode: the response cannot be read
 * - request: the request cannot be encoded; `field` is the path of the bad field
 * - queue: `maxQueued` is reached
 * - interceptor: an interceptor threw; the server had no part in it
 */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly kind: "network" | "status" | "decode" | "request" | "queue" | "interceptor";
  readonly httpStatus: number | undefined;
  readonly grpcStatus: number | undefined;
  readonly url: string | undefined;
  readonly field: string | undefined;

  constructor(
    kind: TransportFailure["kind"],
    message: string,
    { cause, httpStatus, grpcStatus, url, field }: { cause?: unknown; field?: string } & ReplyStatus,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.httpStatus = httpStatus;
    this.grpcStatus = grpcStatus;
    this.url = url;
    this.field = field;
  }
}

/** The HTTP or gRPC status of a reply, and over HTTP the address that gave it. */
export type ReplyStatus = {
  readonly httpStatus?: number | undefined;
  readonly grpcStatus?: number | undefined;
  readonly url?: string | undefined;
};

/** The connection was refused or lost, or the other end speaks another protocol. */
export function networkFailure(message: string, cause?: unknown): ConnectError {
  return inConnectError(Code.Unavailable, new TransportFailure("network", message, { cause }));
}

/**
 * A connection failure from a socket, undici or node:http2. Adds the origin, which their messages may lack.
 *
 * @param cause the outer error, if `error` is its cause
 */
export function connectionFailure(error: unknown, origin: string, cause = error): ConnectError {
  return networkFailure(`${reasonOf(error)} (${origin})`, cause);
}

function reasonOf(error: unknown): string {
  if (isConnectError(error)) return error.rawMessage;
  if (!(error instanceof Error)) return String(error);
  // OpenSSL's message is full of source locations; `reason` is readable.
  const { code, reason }: Error & { code?: unknown; reason?: unknown } = error;
  if (`${code}`.startsWith("ERR_SSL_") && typeof reason === "string") return `TLS: ${reason}`;
  return error.message || error.name;
}

/** A response with an error status. */
export function statusFailure(
  message: string,
  status: ReplyStatus,
  code: Code,
  headers?: Headers,
): ConnectError {
  return inConnectError(code, new TransportFailure("status", message, status), headers);
}

/**
 * An HTTP status in words. For a redirect they have the `url` to use: the target without the method's part.
 *
 * @param href the address of the called method; undefined over gRPC, whose addresses have no path
 */
export function httpStatusText(status: number, headers: Headers, href?: string): string {
  if (status < 300 || status >= 400) return `HTTP ${status}`;
  const shown = `HTTP ${status}: a redirect, which is not followed; give its target as url`;
  const location = headers.get("location");
  const target = location === null ? null : URL.parse(location, href);
  if (target === null || !/^https?:$/.test(target.protocol)) return shown;
  // The target's user, password and query stay out, as they may be secret.
  const method = href?.slice(href.lastIndexOf("/")) ?? target.pathname;
  const address = `${target.origin}${target.pathname}`;
  return `${shown}: ${address.endsWith(method) ? address.slice(0, -method.length) : address}`;
}

/** A response that cannot be read. */
export function decodeFailure(message: string, cause?: unknown, headers?: Headers): ConnectError {
  return inConnectError(Code.Internal, new TransportFailure("decode", message, { cause }), headers);
}

/** A reply in an encoding that was not requested. @param encoding the value of its encoding header */
export function compressedFailure(encoding: unknown, headers?: Headers): ConnectError {
  const shown = encoding ?? "no encoding is named";
  return decodeFailure(
    `the reply is compressed (${shown}), but no compression was requested`,
    undefined,
    headers,
  );
}

export function tooLargeFailure(maxResponseBytes: number): ConnectError {
  return decodeFailure(`the reply has more than ${maxResponseBytes} bytes, the limit maxResponseBytes`);
}

export function queueFullFailure(maxQueued: number): ConnectError {
  const message =
    maxQueued === 0
      ? "no call can be sent at once, and maxQueued is 0"
      : `${maxQueued} calls wait to be sent, the limit maxQueued`;
  return inConnectError(Code.ResourceExhausted, new TransportFailure("queue", message, {}));
}

/** Says that the bad field is in the reply, not in the request. */
export function inReply({ message }: PathError): string {
  return `in the reply, ${message}`;
}

/** A request that cannot be encoded. */
export function requestFailure(message: string, field: string, cause: unknown): ConnectError {
  return inConnectError(Code.InvalidArgument, new TransportFailure("request", message, { field, cause }));
}

/** An interceptor, or another function of the caller, threw. */
export function interceptorFailure(cause: unknown, who = "an interceptor"): ConnectError {
  const message = `${who} failed: ${messageOf(cause)}`;
  return inConnectError(Code.Unknown, new TransportFailure("interceptor", message, { cause }));
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function inConnectError(code: Code, failure: TransportFailure, headers?: Headers): ConnectError {
  return new ConnectError(failure.message, code, headers, undefined, failure);
}
