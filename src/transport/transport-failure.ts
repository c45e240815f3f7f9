import { Code, ConnectError } from "@connectrpc/connect";
import type { PathError } from "../codec/path-error.ts";

/**
 * The `cause` of a `ConnectError` of our transports: what the code of that error alone cannot say.
 * - network: the connection was not made, or broke
 * - status: a response with the HTTP or gRPC status in `status`
 * - decode: a response that cannot be read
 * - request: a request that cannot be written; `field` says where
 * - interceptor: an interceptor failed, and no server had to do with it
 */
export class TransportFailure extends Error {
  override readonly name = "TransportFailure";
  readonly kind: "network" | "status" | "decode" | "request" | "interceptor";
  readonly status: number | undefined;
  readonly field: string | undefined;

  constructor(
    kind: TransportFailure["kind"],
    message: string,
    { cause, status, field }: { cause?: unknown; status?: number; field?: string },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.status = status;
    this.field = field;
  }
}

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
export function statusFailure(message: string, status: number, code: Code): ConnectError {
  return inConnectError(code, new TransportFailure("status", message, { status }));
}

/** A response that is not what the schema says. */
export function decodeFailure(message: string, cause?: unknown): ConnectError {
  return inConnectError(Code.Internal, new TransportFailure("decode", message, { cause }));
}

/** The text that a fault is in a response, and where. */
export function inReply({ message }: PathError): string {
  return `in the reply, ${message}`;
}

/** A request message that the protocol has no form for. */
export function requestFailure(message: string, field: string, cause: unknown): ConnectError {
  return inConnectError(Code.InvalidArgument, new TransportFailure("request", message, { field, cause }));
}

/** An interceptor threw something of its own. */
export function interceptorFailure(cause: unknown): ConnectError {
  const message = `an interceptor failed: ${messageOf(cause)}`;
  return inConnectError(Code.Unknown, new TransportFailure("interceptor", message, { cause }));
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function inConnectError(code: Code, failure: TransportFailure): ConnectError {
  return new ConnectError(failure.message, code, undefined, undefined, failure);
}
