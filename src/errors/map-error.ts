import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import { PathError } from "../codec/path-error.ts";
import { isOneOfMany, withoutStackTrace } from "../limits/stack-traces.ts";
import type { ReplyStatus } from "../transport/transport-failure.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import type { CentErrorOptions } from "./cent-error.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentError,
  CentNetworkError,
  CentQueueFullError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "./cent-error.ts";
import { errorChain } from "./error-chain.ts";
import { apiErrorMaybeExecuted, maybeExecuted } from "./maybe-executed.ts";

/** The circumstances of a call that failed. */
export interface CallRecord {
  /** How often its request was given to the transport, this time included. */
  readonly attempts: number;
  /** Whether it may have been executed in an earlier attempt. */
  readonly maybeExecuted: boolean;
  /** Whether a key went with the call. */
  readonly withKey: boolean;
}

const notSent: CallRecord = { attempts: 0, maybeExecuted: false, withKey: true };

/**
 * Maps whatever a transport threw to an error of the CentError family: our own transports' errors, and those of any Connect
 * transport. The call itself sees to a caller's abort before that.
 */
export function mapError(thrown: unknown, method: string, record = notSent): CentError {
  if (thrown instanceof CentError) return thrown;
  const { attempts } = record;
  if (thrown instanceof PathError) {
    const field = thrown.path || undefined;
    const message = `${method}: ${thrown.message}`;
    return new CentRequestError(message, { ...record, method, cause: thrown, field });
  }
  const error = ConnectError.from(thrown);
  const headers = headerRecord(error.metadata);
  const [detail] = error.findDetails(ErrorSchema);
  if (detail !== undefined) {
    const mayBe = record.maybeExecuted || apiErrorMaybeExecuted(detail.code);
    const options = { method, attempts, cause: thrown, headers, maybeExecuted: mayBe };
    return new CentApiResponseError(detail.code, detail.message, options);
  }
  const failure = errorChain(error).find((link) => link instanceof TransportFailure);
  const kind = failure === undefined ? foreignKind(error) : failure.kind;
  const mayBe = attempts > 0 && maybeExecuted(error, failure);
  const options: CentErrorOptions = {
    method,
    attempts,
    cause: kind === "interceptor" ? failure?.cause : thrown,
    headers,
    maybeExecuted: record.maybeExecuted || mayBe,
  };
  const message = `${method}: ${error.rawMessage}`;
  if (kind === "interceptor") return new CentError(message, options);
  if (kind === "request")
    return new CentRequestError(message, { ...options, field: failure?.field || undefined });
  if (kind === "decode") return new CentDecodeError(message, options);
  if (kind === "queue") return new CentQueueFullError(message, options);
  if (error.code === Code.DeadlineExceeded) {
    const make = () => new CentTimeoutError(message, options);
    return isOneOfMany(thrown) ? withoutStackTrace(make) : make();
  }
  if (error.code === Code.Unauthenticated) {
    return new CentUnauthorizedError(record.withKey ? message : `${message} (no apiKey was given)`, options);
  }
  if (kind === "network") return new CentNetworkError(message, { ...options, code: codeIn(error) });
  const { httpStatus, grpcStatus }: ReplyStatus = failure ?? { grpcStatus: error.code };
  const withStatus = { ...options, httpStatus, grpcStatus };
  if (error.code === Code.Unimplemented) return new CentUnimplementedError(message, withStatus);
  return new CentTransportError(message, withStatus);
}

/** Headers as a record, names in lower case; undefined where there are none. */
export function headerRecord(headers: Headers): Readonly<Record<string, string>> | undefined {
  const record = Object.fromEntries(headers);
  return Object.keys(record).length === 0 ? undefined : record;
}

/** The word for a lost connection that lies deepest: a proxy's or a runtime's errors have others around it. */
function codeIn(error: ConnectError): string | undefined {
  return errorChain(error)
    .map((link) => Reflect.get(link, "code"))
    .findLast((code) => typeof code === "string");
}

/** The start of the message by which connect-es tells a response that it cannot read from one of another status. */
const foreignDecodeError =
  /^(?:protocol error: (?!missing status)|parse (?:binary|json)|unsupported content type)/;

/** The kind of failure that another transport's error stands for. */
function foreignKind(error: ConnectError): TransportFailure["kind"] {
  if (!error.isWireError && foreignDecodeError.test(error.rawMessage)) return "decode";
  // A lost connection shows in a Node error below, or as a stream that was canceled though nobody asked for it.
  const hasNodeCode = errorChain(error).some((link) => "code" in link && typeof link.code === "string");
  return hasNodeCode || error.code === Code.Canceled ? "network" : "status";
}
