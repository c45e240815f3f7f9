import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";

/** An answer over HTTP. */
export interface HttpReply {
  readonly status: number;
  /** Undefined for an empty body, which has none. */
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. */
export function jsonReply(status: number, body: string): HttpReply {
  return { status, contentType: "application/json", body };
}

/** A status in plain text, which is how the server answers what never reached a method. */
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

/** How much the server holds back before it begins a reply of unknown length. */
const bufferedBytes = 2048;

export function sendReply(
  response: ServerResponse,
  { status, contentType, body = "", headers }: HttpReply,
): void {
  const bytes = Buffer.from(body);
  // A Go server says nothing of the connection while it keeps it open.
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
