import { Code, ConnectError } from "@connectrpc/connect";
import { TransportFailure } from "../transport/transport-failure.ts";
import {
  CentApiResponseError,
  type CentError,
  CentRequestError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "./cent-error.ts";

const refusals = [CentApiResponseError, CentRequestError, CentUnauthorizedError, CentUnimplementedError];

/** What Node.js says of a connection that was not made, by system call. */
const connectCalls: readonly unknown[] = ["connect", "getaddrinfo"];
/** What runtimes say of such a connection, by code. */
const connectCodes: readonly unknown[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
];

/** The statuses of a server, or of a proxy in front of it, that does not take the request as it is. */
const httpStatuses: readonly (number | undefined)[] = [400, 404, 405, 411, 413];
const grpcStatuses: readonly (number | undefined)[] = [Code.InvalidArgument, Code.Unimplemented];

const tooLarge = /\b(?:larger|large|exceeds|size)\b/i;
/** As in "trying to send message larger than max" and `sendMaxBytes`, of grpc-go, gRPC's core and Connect. */
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
 * Whether a request failed for the form that it has, so that nothing was executed and the commands of a batch may fare
 * better one by one: it could not be written, it is too large, or it is not understood.
 */
export function isRefusedRequest(thrown: unknown): boolean {
  if (!(thrown instanceof ConnectError)) return false;
  const { cause } = thrown;
  if (cause instanceof TransportFailure) {
    if (cause.kind === "request") return true;
    return (
      cause.kind === "status" && (httpStatuses.includes(cause.status) || isRefusal(cause.status, thrown))
    );
  }
  // A caller's transport: a fault that it found by itself may be in the reply.
  return thrown.isWireError && isRefusal(thrown.code, thrown);
}

function isRefusal(status: number | undefined, { rawMessage }: ConnectError): boolean {
  // RESOURCE_EXHAUSTED is said of rates, too, and of replies that are too large to be sent.
  if (status === Code.ResourceExhausted) return tooLarge.test(rawMessage) && !whenSent.test(rawMessage);
  return grpcStatuses.includes(status);
}

/** Whether there was no connection, so that nothing was sent. */
function isUnconnected(thrown: unknown): boolean {
  const seen = new Set<unknown>();
  for (let link = thrown; link instanceof Error && !seen.has(link); link = link.cause) {
    seen.add(link);
    if ("code" in link && connectCodes.includes(link.code)) return true;
    if ("syscall" in link && connectCalls.includes(link.syscall)) return true;
  }
  return false;
}
