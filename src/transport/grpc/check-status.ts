import type { IncomingHttpHeaders } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { codeFromHttpStatus, findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { statusFailure } from "../transport-failure.ts";
import { webHeaders } from "../web-headers.ts";

/** Whether a response says how the call ended, in its trailers, or in its headers where there is no message. */
export function hasStatus(header: IncomingHttpHeaders, trailer: IncomingHttpHeaders): boolean {
  return (trailer["grpc-status"] ?? header["grpc-status"]) !== undefined;
}

/** Throws a ConnectError for any status but OK, with the details that came with it. */
export function checkStatus(header: IncomingHttpHeaders, trailer: IncomingHttpHeaders): void {
  const source = trailer["grpc-status"] === undefined ? header : trailer;
  const status = source["grpc-status"];
  if (status === "0") return;
  const headers = webHeaders({ ...header, ...trailer });
  if (status === undefined) throw withoutStatus(header, headers);
  const number = /^[0-9]{1,9}$/.test(`${status}`) ? Number(status) : undefined;
  if (number === undefined || Code[number] === undefined) {
    const shown = `grpc-status: ${status}: ${messageIn(source)}`;
    throw statusFailure(shown, { grpcStatus: number ?? Code.Unknown }, Code.Unknown, headers);
  }
  // The details have a code of their own, which may be another one, or none of gRPC's.
  const { details = [], rawMessage = messageIn(source) } = detailedError(source) ?? {};
  // The kind of failure tells a server's CANCELLED from the end of a session, which has the same code.
  const error = statusFailure(rawMessage, { grpcStatus: number }, number, headers);
  error.details = details;
  throw error;
}

/** The error of a response by something that speaks HTTP/2 but not gRPC, or whose trailers a proxy lost. */
function withoutStatus(header: IncomingHttpHeaders, headers: Headers): ConnectError {
  const httpStatus = Number(header[":status"]);
  if (httpStatus !== 200)
    return statusFailure(`HTTP ${httpStatus}`, { httpStatus }, codeFromHttpStatus(httpStatus), headers);
  const type = header["content-type"] ?? "no content type";
  const shown = `the reply has no grpc-status (HTTP 200, ${type})`;
  return statusFailure(shown, { grpcStatus: Code.Unknown }, Code.Unknown, headers);
}

function detailedError(source: IncomingHttpHeaders): ConnectError | undefined {
  try {
    return findTrailerError(webHeaders(source));
  } catch {
    // The details or the message are not encoded as they should be: the status itself is worth more.
    return undefined;
  }
}

function messageIn(source: IncomingHttpHeaders): string {
  const message = `${source["grpc-message"] ?? ""}`;
  try {
    return decodeURIComponent(message);
  } catch {
    // Its percent signs encode nothing, so it is shown as it came.
    return message;
  }
}
