import { ConnectError } from "../../limits/connect-error.ts";
import { errorSchema } from "../../schema/default-api.ts";
import { create } from "../../schema/messages.ts";
import { codeOfHttpStatus } from "../code-of-http-status.ts";
import { httpStatusText, statusFailure } from "../transport-failure.ts";
import type { Endpoint, PostResponse } from "./post-client.ts";

/** The statuses of transport error mode. A gateway's 503 may have a similar body, which does not count. */
const apiStatuses = new Set([400, 404, 409, 416, 500]);

/**
 * Throws a ConnectError unless the status is 2xx. In transport error mode its details have the server's error, as over gRPC.
 */
export function checkStatus(response: PostResponse, { href }: Endpoint): void {
  const { status, body } = response;
  if (status >= 200 && status < 300) return;
  const headers = response.headers();
  const code = codeOfHttpStatus(status);
  const error = apiStatuses.has(status) ? apiError(body) : undefined;
  if (error === undefined)
    throw statusFailure(
      describe(status, body, href, headers),
      { httpStatus: status, url: href },
      code,
      headers,
    );
  const desc = errorSchema();
  throw new ConnectError(error.message, code, headers, [{ desc, value: Object.assign(create(desc), error) }]);
}

/** The `{"code","message"}` of transport error mode; undefined for any other body. */
function apiError(body: Uint8Array): { code: number; message: string } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    const { code, message }: { code?: unknown; message?: unknown } = Object(value);
    return typeof code === "number" && Number.isInteger(code) && code > 0 && typeof message === "string"
      ? { code, message }
      : undefined;
  } catch {
    // Most of these bodies are not JSON: "404 page not found", a proxy's page, an empty body.
    return undefined;
  }
}

/** Bytes of a response that an error shows. */
const mostSaid = 200;

function describe(status: number, body: Uint8Array, href: string, headers: Headers): string {
  if (status < 400) return httpStatusText(status, headers, href);
  const said = new TextDecoder().decode(body.subarray(0, mostSaid)).trim().replaceAll(/\s+/g, " ");
  const text = body.byteLength > mostSaid ? `${said}…` : said;
  // A wrong url looks like a missing method, so the error shows the address.
  const place = status === 404 ? ` at ${href}` : "";
  return text === "" ? `HTTP ${status}${place}` : `HTTP ${status}${place}: ${text}`;
}
