import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import { PathError } from "../codec/path-error.ts";
import { TransportFailure } from "../transport/transport-failure.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentError,
  CentNetworkError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "./cent-error.ts";
import { errorChain } from "./error-chain.ts";

/**
 * Maps whatever a transport threw to an error of the CentError family: our own transports' errors, and those of any Connect
 * transport. The call itself sees to a caller's abort before that.
 *
 * @param withKey whether a key went with the call
 */
export function mapError(thrown: unknown, method: string, withKey = true): CentError {
  if (thrown instanceof CentError) return thrown;
  const options = { method, cause: thrown };
  if (thrown instanceof PathError) {
    const field = thrown.path || undefined;
    return new CentRequestError(`${method}: ${thrown.message}`, { ...options, field });
  }
  const error = ConnectError.from(thrown);
  const [detail] = error.findDetails(ErrorSchema);
  if (detail !== undefined) return new CentApiResponseError(detail.code, detail.message, options);
  const failure = errorChain(error).find((link) => link instanceof TransportFailure);
  const kind = failure === undefined ? foreignKind(error) : failure.kind;
  const message = `${method}: ${error.rawMessage}`;
  if (kind === "interceptor") return new CentError(message, { method, cause: failure?.cause });
  if (kind === "request")
    return new CentRequestError(message, { ...options, field: failure?.field || undefined });
  if (kind === "decode") return new CentDecodeError(message, options);
  if (error.code === Code.DeadlineExceeded) return new CentTimeoutError(message, options);
  if (error.code === Code.Unauthenticated) {
    return new CentUnauthorizedError(withKey ? message : `${message} (no apiKey was given)`, options);
  }
  if (kind === "network") return new CentNetworkError(message, options);
  const status = failure?.status ?? error.code;
  if (error.code === Code.Unimplemented) return new CentUnimplementedError(message, { ...options, status });
  return new CentTransportError(message, { ...options, status });
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
