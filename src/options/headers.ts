import { PathError } from "../codec/path-error.ts";
import { expect, isObject } from "./option-checks.ts";

/** Headers as callers give them. The DOM's own type for them is not in every project's library. */
export type HeadersInput =
  | Headers
  | readonly (readonly [string, string])[]
  | Readonly<Record<string, string>>;

/** Headers that belong to the transport; a caller's would break the request. */
const reserved = new Set(
  [
    "accept-encoding connection content-length content-type expect host http2-settings keep-alive",
    "proxy-connection te transfer-encoding upgrade",
  ].flatMap((names) => names.split(" ")),
);

/** Headers as a record with lower-case names. @throws PathError for one that cannot be sent, without its value */
export function checkHeaders(init: HeadersInput = {}): Record<string, string> {
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
    // The class Headers would make the text "undefined" of a missing value.
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
