import { Code, ConnectError } from "@connectrpc/connect";
import { TransportFailure } from "../transport/transport-failure.ts";
import type { CentError } from "./cent-error.ts";
import {
  CentApiResponseError,
  CentRequestError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "./cent-error.ts";
import { errorChain } from "./error-chain.ts";

const refusals = [CentApiResponseError, CentRequestError, CentUnauthorizedError, CentUnimplementedError];

/** The system calls and codes by which runtimes say that a connection was not made. */
const unconnected = "connect getaddrinfo ECONNREFUSED ENOTFOUND EAI_AGAIN UND_ERR_CONNECT_TIMEOUT".split(" ");

/** The statuses of a server, or of a proxy in front of it, that does not take the request as it is. */
const httpStatuses = new Set<unknown>([400, 404, 405, 411, 413]);
const grpcStatuses = new Set<unknown>([Code.InvalidArgument, Code.Unimplemented]);

const tooLarge = /\b(?:larger|large|exceeds|size)\b/i;
/** Words as in "trying to send message larger than max" and `sendMaxBytes`, of grpc-go, gRPC's core and Connect. */
const whenSent = /\b(?:send|sent|write)/i;

/**
 * Whether a request that was sent may have been executed though it failed.
 *
 * @param thrown what the transport threw, or what the response was found to be
 * @param error the error that was made of it
 */
export function maybeExecuted(thrown: unknown, error: CentError): boolean {
  const isRefused = refusals.some((refusal) => error instanceof refusal);
  return !isRefused && !isRefusedRequest(thrown) && !isUnconnected(thrown);
}

/**
 * Whether a request failed for the form that it has: it could not be written, it is too large, or it is not understood.
 * Nothing was executed then, and the commands of a batch may fare better one by one.
 */
export function isRefusedRequest(thrown: unknown): boolean {
  if (!(thrown instanceof ConnectError)) return false;
  const { cause } = thrown;
  if (cause instanceof TransportFailure) {
    const { kind, status } = cause;
    if (kind !== "status") return kind === "request";
    return httpStatuses.has(status) || isRefusal(status, thrown);
  }
  // A fault that a caller's transport found by itself may be in the response.
  return thrown.isWireError && isRefusal(thrown.code, thrown);
}

function isRefusal(status: number | undefined, { rawMessage }: ConnectError): boolean {
  // RESOURCE_EXHAUSTED is said of rates, too, and of responses that are too large to be sent.
  if (status === Code.ResourceExhausted) return tooLarge.test(rawMessage) && !whenSent.test(rawMessage);
  return grpcStatuses.has(status);
}

/** Whether there was no connection, so that nothing was sent. */
function isUnconnected(thrown: unknown): boolean {
  return errorChain(thrown).some(({ code, syscall }: Error & { code?: unknown; syscall?: unknown }) =>
    unconnected.some((word) => word === code || word === syscall),
  );
}
