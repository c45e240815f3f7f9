import { Code, ConnectError } from "@connectrpc/connect";
import type { PathError } from "../codec/path-error.ts";

/**
 * What a `ConnectError` of one of our transports cannot say by its code alone. It is the error's `cause`:
 * - network: the connection was not made, or broke
 * - status: a reply with the HTTP or gRPC status in `status`
 * - decode: a reply that cannot be read
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
    options: ErrorOptions & { status?: number; field?: string } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.status = options.status;
    this.field = options.field;
  }
}

/** The connection was refused or lost, or what speaks at the other end is not the protocol. */
export function networkFailure(message: string, cause?: unknown): ConnectError {
  return failure(
    new TransportFailure("network", message, cause === undefined ? {} : { cause }),
    Code.Unavailable,
  );
}

/**
 * What a socket, undici or node:http2 said of the connection to a server. Their words may leave out which that is.
 *
 * @param cause the error as it came, where `error` is what is inside of it
 */
export function connectionFailure(error: unknown, origin: string, cause = error): ConnectError {
  return networkFailure(`${reasonOf(error)} (${origin})`, cause);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConnectError) return error.rawMessage;
  // The message of OpenSSL's errors is for those who know its sources.
  const { code, reason }: Error & { code?: unknown; reason?: unknown } = error;
  if (`${code}`.startsWith("ERR_SSL_") && typeof reason === "string") return `TLS: ${reason}`;
  return error.message || error.name;
}

/** A reply with another status than that of success. */
export function statusFailure(message: string, status: number, code: Code): ConnectError {
  return failure(new TransportFailure("status", message, { status }), code);
}

/** A reply that is not what the schema says. */
export function decodeFailure(message: string, cause?: unknown): ConnectError {
  return failure(
    new TransportFailure("decode", message, cause === undefined ? {} : { cause }),
    Code.Internal,
  );
}

/** Says of a fault in a reply where it is. */
export function inReply({ message }: PathError): string {
  return `in the reply, ${message}`;
}

/** A request message that the protocol has no form for. */
export function requestFailure(message: string, field: string, cause: unknown): ConnectError {
  return failure(new TransportFailure("request", message, { field, cause }), Code.InvalidArgument);
}

/** An interceptor threw something of its own. */
export function interceptorFailure(cause: unknown): ConnectError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return failure(
    new TransportFailure("interceptor", `an interceptor failed: ${reason}`, { cause }),
    Code.Unknown,
  );
}

function failure(cause: TransportFailure, code: Code): ConnectError {
  return new ConnectError(cause.message, code, undefined, undefined, cause);
}
