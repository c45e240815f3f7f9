import { PathError } from "../codec/path-error.ts";
import { expect, isObject } from "./option-checks.ts";

/** Headers as an object, a list of pairs, or `Headers`. `HeadersInit` would need the DOM's types. */
export type HeadersInput =
  | Headers
  | readonly (readonly [string, string])[]
  | Readonly<Record<string, string>>;

/** Headers that the transport sets. A caller's value would break the request. */
const reserved = new Set(
  [
    "accept-encoding connection content-length content-type expect host http2-settings keep-alive",
    "proxy-connection te transfer-encoding upgrade",
  ].flatMap((names) => names.split(" ")),
);

/** Headers as a record, names in lower case. @throws PathError naming a header that cannot be sent, not its value */
export function checkHeaders(init?: HeadersInput): Record<string, string> {
  // The first use of the global `Headers` loads Node's whole fetch, which takes longer than an import of tscent.
  if (init === undefined) return {};
  const headers = parseHeaders(init);
  for (const [name, value] of headers) {
    const path = `headers.${name}`;
    if (reserved.has(name) || name.startsWith("grpc-"))
      throw new PathError("is set by the transport", { path });
    // `Headers` accepts Latin-1, gRPC metadata only ASCII.
    expect(path, /^[\x20-\x7e]*$/.test(value), "ASCII characters");
  }
  return Object.fromEntries(headers);
}

function parseHeaders(init: HeadersInput): Headers {
  expect("headers", isObject(init), "an object");
  if (!(init instanceof Headers) && !Array.isArray(init)) {
    // `Headers` would turn undefined into the text "undefined".
    for (const [name, value] of Object.entries(init))
      expect(`headers.${name}`, typeof value === "string", "a string");
  }
  try {
    return new Headers(init as HeadersInit);
  } catch {
    // The thrown error is dropped, as it shows the value.
    throw new PathError("expected names and values that HTTP allows", { path: "headers" });
  }
}
