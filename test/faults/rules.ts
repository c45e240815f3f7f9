import type { Expected } from "./fault.ts";

/** The ends of a publish and of a read that the same fault has. */
export interface Rule {
  readonly publish: Expected;
  readonly info: Expected;
}

function rule(
  error: string | readonly string[],
  maybeExecuted: boolean,
  publishAttempts: number,
  infoAttempts = publishAttempts,
): Rule {
  const expected = { error, maybeExecuted };
  return {
    publish: { ...expected, attempts: publishAttempts },
    info: { ...expected, attempts: infoAttempts },
  };
}

/** The fault is none to a careful client. */
export const succeeds: Rule = { publish: {}, info: {} };
/** There was no connection, or the server says that it processed nothing: any method is tried three times. */
export const unprocessed = rule("CentNetworkError", false, 3);
/** Certificates and handshakes do not mend. */
export const untrusted = rule("CentNetworkError", false, 1);
/** The connection broke, and nobody knows: a read is tried three times. */
export const lost = rule("CentNetworkError", true, 1, 3);
/** Another connection answers the second attempt of a read. */
export const lostOnce: Rule = { ...lost, info: {} };
/** The deadline passed after the request was written. */
export const late = rule("CentTimeoutError", true, 1);
/** The deadline passed before any of the request was written. */
export const lateUnsent = rule("CentTimeoutError", false, 1);
/** The reply is there, but nobody can read it. */
export const unreadable = rule("CentDecodeError", true, 1);
/** A reply, or the end of one, that a server may have sent after it executed the request. */
export const failedStatus = rule("CentTransportError", true, 1);
/** The same for a status that passes: a read is tried three times. */
export const passingStatus = rule("CentTransportError", true, 1, 3);
/** A status that says that the request was not taken. */
export const refusedStatus = rule("CentTransportError", false, 1);
/** Too many requests: any method is tried three times. */
export const tooMany = rule("CentTransportError", false, 3);
export const unauthorized = rule("CentUnauthorizedError", false, 1);
export const unimplemented = rule("CentUnimplementedError", false, 1);
/** An error of Centrifugo itself. */
export const apiError = rule("CentApiResponseError", false, 1);
/** Its error INTERNAL, code 100. */
export const internalError = rule("CentApiResponseError", true, 1, 3);
/** The client was closed under the call, which does not go on after that. */
export const closedUnderCall = rule("CentNetworkError", true, 1);
/** A flood ends at the deadline, or the connection is given up before: both are right, and a publish is enough. */
export const floods: Pick<Rule, "publish"> = {
  publish: { error: ["CentTimeoutError", "CentNetworkError"], maybeExecuted: true, attempts: 1 },
};
