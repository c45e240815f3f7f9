import type { CentError } from "../errors/cent-error.ts";
import { CentApiResponseError, CentTransportError } from "../errors/cent-error.ts";
import { Code } from "../limits/connect-error.ts";
import type { TracedServer } from "./traced.ts";

type Transport = TracedServer["transport"];

/** gRPC's name of each code, as in `DEADLINE_EXCEEDED`. Connect writes one of them differently. */
const grpcNames: ReadonlyMap<number, string> = new Map(
  Object.entries<number>(Code).map(([name, code]) => [
    code,
    name === "Canceled" ? "CANCELLED" : name.replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase(),
  ]),
);

/** The status of failures without a reply, as gRPC's own clients give it. Over HTTP they have none. */
const withoutReply: Readonly<Record<string, string>> = {
  CentNetworkError: "UNAVAILABLE",
  CentTimeoutError: "DEADLINE_EXCEEDED",
  CentUnauthorizedError: "UNAUTHENTICATED",
  CentQueueFullError: "RESOURCE_EXHAUSTED",
  CentDecodeError: "INTERNAL",
};

/** The name of a gRPC status: `UNAVAILABLE`. */
export function grpcName(code: number): string {
  return code === 0 ? "OK" : (grpcNames.get(code) ?? "UNKNOWN");
}

export function successStatus(transport: Transport): string {
  return transport === "http" ? "200" : "OK";
}

/** The status of an aborted call. */
export function abortStatus(transport: Transport): string | undefined {
  return transport === "http" ? undefined : grpcName(Code.Canceled);
}

/** The status of a failed call; undefined if there is none. */
export function failureStatus(transport: Transport, error: CentError): string | undefined {
  if (error instanceof CentApiResponseError) return `${error.code}`;
  const isHttp = transport === "http";
  if (error instanceof CentTransportError) {
    const { httpStatus, grpcStatus } = error;
    if (!isHttp && grpcStatus !== undefined) return grpcName(grpcStatus);
    return httpStatus === undefined ? undefined : `${httpStatus}`;
  }
  if (isHttp) return error.name === "CentUnauthorizedError" ? "401" : undefined;
  return withoutReply[error.name];
}
