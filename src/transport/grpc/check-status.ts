import type { IncomingHttpHeaders } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { Code, isCode } from "../../limits/connect-error.ts";
import { codeOfHttpStatus } from "../code-of-http-status.ts";
import { httpStatusText, statusFailure } from "../transport-failure.ts";
import { webHeaders } from "../web-headers.ts";
import type { StatusDetails } from "./status-details.ts";
import { readStatusDetails } from "./status-details.ts";

/** Whether a response has a status: in its trailers, or in its headers if it has no message. */
export function hasStatus(header: IncomingHttpHeaders, trailer: IncomingHttpHeaders): boolean {
  return (trailer["grpc-status"] ?? header["grpc-status"]) !== undefined;
}

/** Throws a ConnectError with the response's details, unless the status is OK. */
export function checkStatus(header: IncomingHttpHeaders, trailer: IncomingHttpHeaders): void {
  const source = trailer["grpc-status"] === undefined ? header : trailer;
  const status = source["grpc-status"];
  if (status === "0") return;
  const headers = webHeaders({ ...header, ...trailer });
  if (status === undefined) throw withoutStatus(header, headers);
  const number = /^[0-9]{1,9}$/.test(`${status}`) ? Number(status) : undefined;
  if (number === undefined || !isCode(number)) {
    const shown = `grpc-status: ${status}: ${messageIn(source)}`;
    throw statusFailure(shown, { grpcStatus: number ?? Code.Unknown }, Code.Unknown, headers);
  }
  // The details carry their own code, which may differ from the status, or be none of gRPC's.
  const { details, message } = detailsIn(source) ?? { details: [], message: messageIn(source) };
  // The kind "status" keeps a server's CANCELLED from looking like a lost connection.
  const error = statusFailure(message, { grpcStatus: number }, number, headers);
  error.details = details.map(({ typeUrl, value }) => ({
    type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
    value: new Uint8Array(value),
  }));
  throw error;
}

/** The error for a response without a status: the server speaks no gRPC, or a proxy lost the trailers. */
function withoutStatus(header: IncomingHttpHeaders, headers: Headers): ConnectError {
  const httpStatus = Number(header[":status"]);
  if (httpStatus !== 200)
    return statusFailure(
      httpStatusText(httpStatus, headers),
      { httpStatus },
      codeOfHttpStatus(httpStatus),
      headers,
    );
  const type = header["content-type"] ?? "no content type";
  const shown = `the reply has no grpc-status (HTTP 200, ${type})`;
  return statusFailure(shown, { grpcStatus: Code.Unknown }, Code.Unknown, headers);
}

function detailsIn(source: IncomingHttpHeaders): StatusDetails | undefined {
  const value = source["grpc-status-details-bin"];
  try {
    const status = typeof value === "string" ? readStatusDetails(value) : undefined;
    return status?.code === 0 ? undefined : status;
  } catch {
    // The details are badly encoded: report the status without them.
    return undefined;
  }
}

function messageIn(source: IncomingHttpHeaders): string {
  const message = `${source["grpc-message"] ?? ""}`;
  try {
    return decodeURIComponent(message);
  } catch {
    // The message is not percent-encoded: show it as received.
    return message;
  }
}
