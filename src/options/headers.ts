import { PathError } from "../codec/path-error.ts";
import type { OptionCheck } from "./expect.ts";
import { expect, isFunction, isObject } from "./expect.ts";

/** A secret, or a function that is asked for it before each call. */
export type Secret = string | (() => string | Promise<string>);

/** Headers as callers give them. The DOM's own type for them is not in every project's library. */
export type HeadersInput =
  | Headers
  | readonly (readonly [string, string])[]
  | Readonly<Record<string, string>>;

/** Whether a value can be sent as a key or token. */
export function isSecret(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}

/** The check of a {@link Secret}; it does not show the value. */
export const secret: OptionCheck = (value) => {
  if (isFunction(value)) return true;
  if (typeof value !== "string") return `a string, or a function that gives one, got ${typeof value}`;
  return isSecret(value) || "visible ASCII characters, one at least";
};

/** Headers that belong to the transport; a caller's would break the request. */
const reserved = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Headers as a record with lower-case names.
 *
 * @throws PathError for a header that cannot be sent; it does not show the value, which may be secret
 */
export function checkHeaders(init: HeadersInput | undefined): Record<string, string> {
  if (init === undefined) return {};
  const headers = parseHeaders(init);
  for (const [name, value] of headers) {
    const path = `headers.${name}`;
    if (reserved.has(name) || name.startsWith("grpc-"))
      throw new PathError("is set by the transport", { path });
    // Headers takes Latin-1, gRPC metadata does not.
    expect(path, /^[\x20-\x7e]*$/.test(value), "ASCII characters");
  }
  return Object.fromEntries(headers);
}

function parseHeaders(init: HeadersInput): Headers {
  expect("headers", isObject(init), "an object");
  if (!(init instanceof Headers) && !Array.isArray(init)) {
    // Headers would make "undefined" of what is not there.
    for (const [name, value] of Object.entries(init))
      expect(`headers.${name}`, typeof value === "string", "a string");
  }
  try {
    return new Headers(init as HeadersInit);
  } catch {
    // The error that was thrown shows the value.
    throw new PathError("expected names and values that HTTP allows", { path: "headers" });
  }
}
