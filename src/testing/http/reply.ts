import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";

/** An answer over HTTP. */
export interface HttpReply {
  readonly status: number;
  /** Undefined for an empty body. */
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonReply(status: number, body: string): HttpReply {
  return { status, contentType: "application/json", body };
}

/** A status in plain text, as Go's `http.Error` sends it. */
export function textReply(
  status: number,
  text: string = STATUS_CODES[status] ?? `status ${status}`,
): HttpReply {
  return {
    status,
    contentType: "text/plain; charset=utf-8",
    body: `${text}\n`,
    headers: { "X-Content-Type-Options": "nosniff" },
  };
}

/** The buffer of a Go server. A longer reply is chunked. */
const bufferedBytes = 2048;

export function sendReply(
  response: ServerResponse,
  { status, contentType, body = "", headers }: HttpReply,
): void {
  const bytes = Buffer.from(body);
  // A Go server sends no `Connection` header while it keeps the connection open.
  if (response.shouldKeepAlive) response.removeHeader("Connection");
  response.writeHead(status, {
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
    ...headers,
    ...(bytes.length > bufferedBytes
      ? { "Transfer-Encoding": "chunked" }
      : { "Content-Length": bytes.length }),
  });
  response.end(bytes);
}
