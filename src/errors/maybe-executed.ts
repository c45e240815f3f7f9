import { Code, ConnectError } from "@connectrpc/connect";
import { isUnprocessed } from "../limits/run-within.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import { ErrorCode } from "./cent-error.ts";
import { errorChain } from "./error-chain.ts";

/** The system calls and codes by which runtimes say that a connection was not made. */
const unconnected =
  "connect getaddrinfo ECONNREFUSED ENOTFOUND EAI_AGAIN UND_ERR_CONNECT_TIMEOUT UND_ERR_PRX_TLS";
const unconnectedWords: ReadonlySet<unknown> = new Set(unconnected.split(" "));

/** How undici says that a proxy did not make the connection that CONNECT asked for. */
const noTunnel = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/;

/** The codes that OpenSSL and Node.js have for certificates and handshakes. */
const tlsCode = /^(?:ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Codes of TLS that may also come after the handshake, when the request may have been sent. */
const laterTlsCode = /^ERR_SSL_(?!.*(?:CERT|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE|PROTOCOL))/;

/** The statuses of a server, or of a proxy in front of it, that does not take the request. */
const refusingStatuses = new Set<unknown>([400, 401, 403, 404, 405, 411, 413, 429]);
/** The statuses among them for the form that a request has, or for a method that is not there. */
const formStatuses = new Set<unknown>([400, 404, 405, 411, 413]);
const refusingGrpcStatuses = new Set<unknown>([
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.InvalidArgument,
]);

const tooLarge = /\b(?:larger|large|exceeds|size)\b/i;
/** Words as in "trying to send message larger than max" and `sendMaxBytes`, of grpc-go, gRPC's core and Connect. */
const whenSent = /\b(?:send|sent|write)/i;

/** Whether a request may have been executed that the server answered with one of its own errors. */
export function apiErrorMaybeExecuted(code: number): boolean {
  return code === ErrorCode.INTERNAL;
}

/**
 * Whether a request that the transport was given may have been executed though it failed.
 *
 * @param failure of one of our transports, in the error or its causes
 */
export function maybeExecuted(error: ConnectError, failure: TransportFailure | undefined): boolean {
  if (failure?.kind === "request" || failure?.kind === "queue") return false;
  const chain = errorChain(error);
  // The outermost error that says so knows of all that was sent.
  const isKnown = chain.map(isUnprocessed).find((says) => says !== undefined);
  if (isKnown ?? chain.some(isUnconnected)) return false;
  if (failure?.httpStatus !== undefined) {
    const { httpStatus } = failure;
    return !(httpStatus >= 300 && httpStatus < 400) && !refusingStatuses.has(httpStatus);
  }
  // A fault that a transport found by itself may be in the response.
  const isReply = failure === undefined ? error.isWireError : failure.kind === "status";
  return !(isReply && isRefusedStatus(failure?.grpcStatus ?? error.code, error));
}

/**
 * Whether a request failed for the form that it has: it could not be written, it is too large, or it is not understood.
 * Nothing was executed then, and the commands of a batch may fare better one by one.
 */
export function isRefusedRequest(thrown: unknown): boolean {
  if (!(thrown instanceof ConnectError)) return false;
  const { cause } = thrown;
  if (!(cause instanceof TransportFailure)) return thrown.isWireError && isFormStatus(thrown.code, thrown);
  const { kind, httpStatus, grpcStatus } = cause;
  if (kind !== "status") return kind === "request";
  return httpStatus === undefined ? isFormStatus(grpcStatus, thrown) : formStatuses.has(httpStatus);
}

/** Whether a connection failed for its certificates or its handshake, which time does not mend. */
export function isTlsCode(code: unknown): code is string {
  return typeof code === "string" && tlsCode.test(code);
}

function isFormStatus(status: number | undefined, error: ConnectError): boolean {
  return status !== Code.Unauthenticated && isRefusedStatus(status, error);
}

function isRefusedStatus(status: number | undefined, { rawMessage }: ConnectError): boolean {
  // RESOURCE_EXHAUSTED is said of rates, too, and of responses that are too large to be sent.
  if (status === Code.ResourceExhausted) return tooLarge.test(rawMessage) && !whenSent.test(rawMessage);
  return refusingGrpcStatuses.has(status);
}

/** Whether there was no connection, so that nothing was sent. */
function isUnconnected(link: Error): boolean {
  const { code, syscall }: Error & { code?: unknown; syscall?: unknown } = link;
  return (
    unconnectedWords.has(code) ||
    unconnectedWords.has(syscall) ||
    (isTlsCode(code) && !laterTlsCode.test(code)) ||
    noTunnel.test(link.message)
  );
}
