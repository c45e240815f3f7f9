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

/**
 * Maps whatever a transport threw to an error of the CentError family. It is given our own transports' errors as well
 * as those of any Connect transport. A caller's abort is not its business: the call sees to that first.
 *
 * @param withKey whether a key went with the call
 */
export function mapError(thrown: unknown, method: string, withKey = true): CentError {
  if (thrown instanceof CentError) return thrown;
  if (thrown instanceof PathError) {
    return new CentRequestError(`${method}: ${thrown.message}`, {
      method,
      field: thrown.path || undefined,
      cause: thrown,
    });
  }
  const error = ConnectError.from(thrown);
  const options = { method, cause: thrown };
  const [detail] = error.findDetails(ErrorSchema);
  if (detail !== undefined) return new CentApiResponseError(detail.code, detail.message, options);
  const chain = errorChain(error);
  const failure = chain.find((link) => link instanceof TransportFailure);
  const message = `${method}: ${error.rawMessage}`;
  if (failure?.kind === "interceptor") return new CentError(message, { method, cause: failure.cause });
  if (failure?.kind === "request")
    return new CentRequestError(message, { ...options, field: failure.field || undefined });
  if (
    failure?.kind === "decode" ||
    (failure === undefined && !error.isWireError && isForeignDecodeError(error))
  )
    return new CentDecodeError(message, options);
  if (error.code === Code.DeadlineExceeded) return new CentTimeoutError(message, options);
  if (error.code === Code.Unauthenticated) {
    return new CentUnauthorizedError(withKey ? message : `${message} (no apiKey was given)`, options);
  }
  if (failure?.kind === "network" || (failure === undefined && isForeignNetworkError(error, chain))) {
    return new CentNetworkError(message, options);
  }
  const status = failure?.status ?? error.code;
  if (error.code === Code.Unimplemented) return new CentUnimplementedError(message, { ...options, status });
  return new CentTransportError(message, { ...options, status });
}

/** Another transport's reply that cannot be read: connect-es tells it from a status by its message alone. */
function isForeignDecodeError(error: ConnectError): boolean {
  return /^(?:protocol error: (?!missing status)|parse (?:binary|json)|unsupported content type)/.test(
    error.rawMessage,
  );
}

/** Another transport's lost connection: a Node error below it, or a stream canceled though nobody asked for it. */
function isForeignNetworkError(error: ConnectError, chain: readonly Error[]): boolean {
  return (
    error.code === Code.Canceled || chain.some((link) => "code" in link && typeof link.code === "string")
  );
}

/** The error and what it was caused by, as far as that goes. */
function errorChain(error: Error): Error[] {
  const chain: Error[] = [];
  for (let link: unknown = error; link instanceof Error && !chain.includes(link); link = link.cause)
    chain.push(link);
  return chain;
}
