import { Code, ConnectError } from "@connectrpc/connect";
import type { PathError } from "../codec/path-error.ts";

/**
 * The `cause` of a `ConnectError` of our transports: what the code of that error alone cannot say.
 * - network: the connection was not made, or broke
 * - status: a response with `httpStatus` or `grpcStatus`
 * - decode: a response that cannot be read
 * - request: a request that cannot be written; `field` says where
 * - queue: as many calls wait as may
 * - interceptor: an interceptor failed, and no server had to do with it
 */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly kind: "network" | "status" | "decode" | "request" | "queue" | "interceptor";
  readonly httpStatus: number | undefined;
  readonly grpcStatus: number | undefined;
  readonly field: string | undefined;

  constructor(
    kind: TransportFailure["kind"],
    message: string,
    { cause, httpStatus, grpcStatus, field }: { cause?: unknown; field?: string } & ReplyStatus,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.httpStatus = httpStatus;
    this.grpcStatus = grpcStatus;
    this.field = field;
  }
}

/** The status of a reply: HTTP's, or gRPC's. */
export type ReplyStatus = {
  readonly httpStatus?: number | undefined;
  readonly grpcStatus?: number | undefined;
};

/** The connection was refused or lost, or what speaks at the other end is not the protocol. */
export function networkFailure(message: string, cause?: unknown): ConnectError {
  return inConnectError(Code.Unavailable, new TransportFailure("network", message, { cause }));
}

/**
 * A failure of the connection to a server, as a socket, undici or node:http2 tells it. Their words may leave out which
 * server it is.
 *
 * @param cause the error as it came, where `error` is what is inside of it
 */
export function connectionFailure(error: unknown, origin: string, cause = error): ConnectError {
  return networkFailure(`${reasonOf(error)} (${origin})`, cause);
}

function reasonOf(error: unknown): string {
  if (error instanceof ConnectError) return error.rawMessage;
  if (!(error instanceof Error)) return String(error);
  // The message of OpenSSL's errors is for those who know its sources.
  const { code, reason }: Error & { code?: unknown; reason?: unknown } = error;
  if (`${code}`.startsWith("ERR_SSL_") && typeof reason === "string") return `TLS: ${reason}`;
  return error.message || error.name;
}

/** A response with another status than that of success. */
export function statusFailure(
  message: string,
  status: ReplyStatus,
  code: Code,
  headers?: Headers,
): ConnectError {
  return inConnectError(code, new TransportFailure("status", message, status), headers);
}

/** A response that is not what the schema says. */
export function decodeFailure(message: string, cause?: unknown, headers?: Headers): ConnectError {
  return inConnectError(Code.Internal, new TransportFailure("decode", message, { cause }), headers);
}

/** A reply in an encoding that was not asked for. @param encoding the header that names it */
export function compressedFailure(encoding: unknown, headers?: Headers): ConnectError {
  const shown = encoding ?? "no encoding is named";
  return decodeFailure(
    `the reply is compressed (${shown}), though nobody asked for that`,
    undefined,
    headers,
  );
}

/** A reply that goes on where it may not. */
export function tooLargeFailure(maxResponseBytes: number): ConnectError {
  return decodeFailure(`the reply has more than ${maxResponseBytes} bytes, the limit maxResponseBytes`);
}

/** The limit `maxQueued` is reached. */
export function queueFullFailure(maxQueued: number): ConnectError {
  const message =
    maxQueued === 0
      ? "all places are taken, and maxQueued lets no call wait"
      : `${maxQueued} calls wait to be sent, the limit maxQueued`;
  return inConnectError(Code.ResourceExhausted, new TransportFailure("queue", message, {}));
}

/** The text that a fault is in a response, and where. */
export function inReply({ message }: PathError): string {
  return `in the reply, ${message}`;
}

/** A request message that the protocol has no form for. */
export function requestFailure(message: string, field: string, cause: unknown): ConnectError {
  return inConnectError(Code.InvalidArgument, new TransportFailure("request", message, { field, cause }));
}

/** An interceptor, or another function of the caller, threw something of its own. */
export function interceptorFailure(cause: unknown, who = "an interceptor"): ConnectError {
  const message = `${who} failed: ${messageOf(cause)}`;
  return inConnectError(Code.Unknown, new TransportFailure("interceptor", message, { cause }));
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function inConnectError(code: Code, failure: TransportFailure, headers?: Headers): ConnectError {
  return new ConnectError(failure.message, code, headers, undefined, failure);
}
