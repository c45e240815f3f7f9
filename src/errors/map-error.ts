import { issuesOf } from "../codec/defined-data.ts";
import { shortLine } from "../codec/one-line.ts";
import { PathError } from "../codec/path-error.ts";
import { Code, ConnectError } from "../limits/connect-error.ts";
import { isOneOfMany, withoutStackTrace } from "../limits/stack-traces.ts";
import { errorSchema } from "../schema/default-api.ts";
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
import type { FailureFacts } from "./hints.ts";
import { failureHint } from "./hints.ts";
import { apiErrorMaybeExecuted, maybeExecuted } from "./maybe-executed.ts";

/** The facts about a failed call that its error reports. */
export interface CallRecord {
  /** How often the request was given to the transport, the failed attempt included. */
  readonly attempts: number;
  /** Whether an earlier attempt may have been executed. */
  readonly maybeExecuted: boolean;
  /** How the request was authorized; undefined if that is not known. */
  readonly key?: FailureFacts["key"];
  /** The channel in the request. */
  readonly channel?: string | undefined;
}

const notSent: CallRecord = { attempts: 0, maybeExecuted: false };

/** Characters of a failure's text in a message. Its cause has all of them. */
const mostSaid = 1_000;

/**
 * Maps an error of any Connect transport, or of an earlier step of a call, to a CentError. After an abort by the caller
 * the call rejects with the signal's reason instead.
 */
export function mapError(thrown: unknown, method: string, record = notSent): CentError {
  if (thrown instanceof CentError) return thrown;
  const { attempts } = record;
  if (thrown instanceof PathError) {
    const field = thrown.path || undefined;
    const message = `${method}: ${shortLine(thrown.message, mostSaid)}`;
    return new CentRequestError(message, {
      ...record,
      method,
      cause: thrown,
      field,
      issues: issuesOf(thrown),
    });
  }
  const error = ConnectError.from(thrown);
  const headers = headerRecord(error.metadata);
  const [detail] = error.findDetails(errorSchema());
  if (detail !== undefined) {
    const mayBe = record.maybeExecuted || apiErrorMaybeExecuted(detail.code);
    const { channel } = record;
    const options = { method, channel, attempts, cause: thrown, headers, maybeExecuted: mayBe };
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
  const said = `${method}: ${shortLine(error.rawMessage, mostSaid)}`;
  const code = codeIn(error);
  const status: ReplyStatus = failure ?? { grpcStatus: error.code };
  const isUnanswered = errorChain(error).some(isOfSilentSocket);
  const facts = { ...status, method, said, key: record.key, code, isUnanswered, isUnsent: !mayBe };
  const hint = kind === "network" || kind === "status" ? failureHint(facts) : undefined;
  const message = hint === undefined ? said : `${said.replace(/\.$/, "")}: ${hint}`;
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
    return new CentUnauthorizedError(message, options);
  }
  if (kind === "network") return new CentNetworkError(message, { ...options, code });
  const { httpStatus, grpcStatus } = status;
  const withStatus = { ...options, httpStatus, grpcStatus };
  if (error.code === Code.Unimplemented) return new CentUnimplementedError(message, withStatus);
  return new CentTransportError(message, withStatus);
}

/** Runs work that sends nothing. @throws CentRequestError naming the method, in place of a PathError */
export function runMapped<T>(method: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw mapError(error, method);
  }
}

/** Headers as a record, names in lower case; undefined if there are none. */
export function headerRecord(headers: Headers): Readonly<Record<string, string>> | undefined {
  const record = Object.fromEntries(headers);
  return Object.keys(record).length === 0 ? undefined : record;
}

/** The code of the innermost cause that has one: the errors of a proxy or a runtime around it have codes of their own. */
function codeIn(error: ConnectError): string | undefined {
  return errorChain(error)
    .map((link) => Reflect.get(link, "code"))
    .findLast((code) => typeof code === "string");
}

/** Whether an error is undici's for a socket on which the server sent nothing. */
function isOfSilentSocket(link: Error): boolean {
  const { socket }: Error & { socket?: { bytesRead?: unknown } | null } = link;
  return socket?.bytesRead === 0;
}

/** Matches the messages of connect-es for a response that it cannot read. Its code alone does not show that. */
const foreignDecodeError =
  /^(?:protocol error: (?!missing status)|parse (?:binary|json)|unsupported content type)/;

/** The kind of failure of an error from a caller's transport. */
function foreignKind(error: ConnectError): TransportFailure["kind"] {
  if (!error.isWireError && foreignDecodeError.test(error.rawMessage)) return "decode";
  // A lost connection shows as a Node error among the causes, or as a cancelation that the caller did not ask for.
  const hasNodeCode = errorChain(error).some((link) => "code" in link && typeof link.code === "string");
  return hasNodeCode || error.code === Code.Canceled ? "network" : "status";
}
