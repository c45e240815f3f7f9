import { Code, ConnectError } from "@connectrpc/connect";
import { TransportFailure } from "../transport/transport-failure.ts";

/** The statuses of a server, or of what stands in front of it, that does not take the request as it is. */
const httpStatuses: readonly (number | undefined)[] = [400, 404, 405, 411, 413];
const grpcStatuses: readonly (number | undefined)[] = [Code.InvalidArgument, Code.Unimplemented];

const tooLarge = /\b(?:larger|large|exceeds|size)\b/i;
/** As in "trying to send message larger than max" and `sendMaxBytes`, of grpc-go, gRPC's core and Connect. */
const whenSent = /\b(?:send|sent|write)/i;

/**
 * Whether a batch failed because of what it is, so that none of its commands was executed and each may fare better by
 * itself: it could not be written, it is too large, it is not understood.
 */
export function wasNotExecuted(thrown: unknown): boolean {
  if (!(thrown instanceof ConnectError)) return false;
  const { cause } = thrown;
  if (cause instanceof TransportFailure) {
    if (cause.kind === "request") return true;
    if (cause.kind !== "status") return false;
    return httpStatuses.includes(cause.status) || isRefused(cause.status, thrown);
  }
  // A caller's transport: what it found out by itself may have been found in the reply.
  return thrown.isWireError && isRefused(thrown.code, thrown);
}

function isRefused(status: number | undefined, { rawMessage }: ConnectError): boolean {
  // RESOURCE_EXHAUSTED is said of rates, too, and of replies that are too large to be sent.
  if (status === Code.ResourceExhausted) return tooLarge.test(rawMessage) && !whenSent.test(rawMessage);
  return grpcStatuses.includes(status);
}

/** Whether a reply could not be made or read, which may be because of what it holds for one of the commands. */
export function isReplyFailure(thrown: unknown): boolean {
  const cause = thrown instanceof ConnectError ? thrown.cause : undefined;
  return cause instanceof TransportFailure && (cause.kind === "decode" || cause.status === 500);
}
