import type { Expected } from "./fault.ts";

/** The ends of a publish and of a read with the same fault. */
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

/** The call succeeds despite the fault. */
export const succeeds: Rule = { publish: {}, info: {} };
/** There was no connection, or the server processed nothing: any method is tried three times. */
export const unprocessed = rule("CentNetworkError", false, 3);
/** A failed handshake fails again: any method is tried once. */
export const untrusted = rule("CentNetworkError", false, 1);
/** The connection broke during the call: a read is tried three times. */
export const lost = rule("CentNetworkError", true, 1, 3);
/** Another connection answers the second attempt of a read. */
export const lostOnce: Rule = { ...lost, info: {} };
/** The deadline passed after the request was written. */
export const late = rule("CentTimeoutError", true, 1);
/** The deadline passed before any of the request was written. */
export const lateUnsent = rule("CentTimeoutError", false, 1);
/** The reply is complete, but not readable. */
export const unreadable = rule("CentDecodeError", true, 1);
/** A status that a server may send after it executed the request. */
export const failedStatus = rule("CentTransportError", true, 1);
/** The same for a temporary status: a read is tried three times. */
export const passingStatus = rule("CentTransportError", true, 1, 3);
/** A status that refuses the request. */
export const refusedStatus = rule("CentTransportError", false, 1);
/** Too many requests: any method is tried three times. */
export const tooMany = rule("CentTransportError", false, 3);
export const unauthorized = rule("CentUnauthorizedError", false, 1);
export const unimplemented = rule("CentUnimplementedError", false, 1);
/** An error of Centrifugo itself. */
export const apiError = rule("CentApiResponseError", false, 1);
/** Centrifugo's error INTERNAL, code 100. */
export const internalError = rule("CentApiResponseError", true, 1, 3);
/** The client was closed during the call. */
export const closedUnderCall = rule("CentNetworkError", true, 1);
/** A flood ends at the deadline, or with its connection before that. Only a publish is tried. */
export const floods: Pick<Rule, "publish"> = {
  publish: { error: ["CentTimeoutError", "CentNetworkError"], maybeExecuted: true, attempts: 1 },
};
