import { isCentError } from "../errors/cent-error.ts";
import { isConnectError } from "../limits/connect-error.ts";
import { grpcName } from "../tracing/status.ts";
import type { TracedCall } from "../tracing/traced.ts";
import { names } from "./attributes.ts";

/**
 * The `rpc.status_code` of a call. Centrifugo's own error is no status of gRPC: it is in a reply with `OK`, or in the details of
 * another status.
 */
export function callStatus({ transport, status, error }: TracedCall): string | undefined {
  if (transport === "http" || !isApiError(error)) return status;
  return isConnectError(error.cause) ? grpcName(error.cause.code) : "OK";
}

/** The `error.type` of a call; undefined after a success. */
export function callErrorType({ status, maybeExecuted, error }: TracedCall): string | undefined {
  // Only a failed call has `maybeExecuted`.
  if (maybeExecuted === undefined) return undefined;
  return status ?? errorName(error);
}

/** The name of an error's class: `CentNetworkError`. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : names.ERROR_TYPE_VALUE_OTHER;
}

function isApiError(error: unknown): error is Error {
  return isCentError(error) && error.name === "CentApiResponseError";
}
