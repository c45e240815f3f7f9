import { Code, type ConnectError, isConnectError } from "../limits/connect-error.ts";
import { isUnprocessed } from "../limits/run-within.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import { ErrorCode } from "./cent-error.ts";
import { errorChain } from "./error-chain.ts";

/** The system calls and codes in errors of connections that were not made. */
const unconnected =
  "connect getaddrinfo ECONNREFUSED ENOTFOUND EAI_AGAIN UND_ERR_CONNECT_TIMEOUT UND_ERR_PRX_TLS";
const unconnectedWords: ReadonlySet<unknown> = new Set(unconnected.split(" "));

/** undici's messages for a proxy that refused a request, or CONNECT. */
const refusedByProxy =
  /^Proxy (?:response \(\d+\) !== 200 when HTTP Tunneling|Authentication Required \(407\))$/;

/** Codes of OpenSSL and Node.js for certificate and handshake errors. */
const tlsCode = /^(?:ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** TLS codes that can also come after the handshake, when the request may have been sent. */
const laterTlsCode = /^ERR_SSL_(?!.*(?:CERT|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE|PROTOCOL))/;

/** HTTP statuses of a server or proxy that refuses a request without executing it. */
const refusingStatuses = new Set<unknown>([400, 401, 403, 404, 405, 411, 413, 429]);
/** The refusing statuses for a malformed request, or for an unknown method. */
const formStatuses = new Set<unknown>([400, 404, 405, 411, 413]);
const refusingGrpcStatuses = new Set<unknown>([
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.InvalidArgument,
]);

const tooLarge = /\b(?:larger|large|exceeds|size)\b/i;
/** Matches "trying to send message larger than max" and `sendMaxBytes`, from grpc-go, gRPC's core and Connect. */
const whenSent = /\b(?:send|sent|write)/i;

/** Whether a request that got an API error may have been executed. */
export function apiErrorMaybeExecuted(code: number): boolean {
  return code === ErrorCode.INTERNAL;
}

/**
 * Whether a request that was given to a transport, and failed, may have been executed.
 *
 * @param failure the TransportFailure among the error's causes, if one of our transports made it
 */
export function maybeExecuted(error: ConnectError, failure: TransportFailure | undefined): boolean {
  if (failure?.kind === "request" || failure?.kind === "queue") return false;
  const chain = errorChain(error);
  // The outermost mark covers everything that was sent.
  const isKnown = chain.map(isUnprocessed).find((says) => says !== undefined);
  if (isKnown ?? chain.some(isUnconnected)) return false;
  if (failure?.httpStatus !== undefined) {
    const { httpStatus } = failure;
    return !(httpStatus >= 300 && httpStatus < 400) && !refusingStatuses.has(httpStatus);
  }
  // Only a status from the server can refuse. Another failure may come from reading a response, after execution.
  const isReply = failure === undefined ? error.isWireError : failure.kind === "status";
  return !(isReply && isRefusedStatus(failure?.grpcStatus ?? error.code, error));
}

/**
 * Whether a request was refused for its form: it could not be written, is too large, or was not understood. Nothing was
 * executed then, and the commands of a batch may succeed one by one.
 */
export function isRefusedRequest(thrown: unknown): boolean {
  if (!isConnectError(thrown)) return false;
  const { cause } = thrown;
  if (!(cause instanceof TransportFailure)) return thrown.isWireError && isFormStatus(thrown.code, thrown);
  const { kind, httpStatus, grpcStatus } = cause;
  if (kind !== "status") return kind === "request";
  return httpStatus === undefined ? isFormStatus(grpcStatus, thrown) : formStatuses.has(httpStatus);
}

/** Whether a code is that of a failed certificate or handshake, which a retry does not cure. */
export function isTlsCode(code: unknown): code is string {
  return typeof code === "string" && tlsCode.test(code);
}

function isFormStatus(status: number | undefined, error: ConnectError): boolean {
  return status !== Code.Unauthenticated && isRefusedStatus(status, error);
}

function isRefusedStatus(status: number | undefined, { rawMessage }: ConnectError): boolean {
  // RESOURCE_EXHAUSTED also stands for rate limits, and for responses that are too large to be sent.
  if (status === Code.ResourceExhausted) return tooLarge.test(rawMessage) && !whenSent.test(rawMessage);
  return refusingGrpcStatuses.has(status);
}

/** Whether an error says that no connection was made, so nothing was sent. */
function isUnconnected(link: Error): boolean {
  const { code, syscall }: Error & { code?: unknown; syscall?: unknown } = link;
  return (
    unconnectedWords.has(code) ||
    unconnectedWords.has(syscall) ||
    (isTlsCode(code) && !laterTlsCode.test(code)) ||
    refusedByProxy.test(link.message)
  );
}
