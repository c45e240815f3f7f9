import type { Target } from "../options/check-client-options.ts";
import type { TracedServer } from "../tracing/traced.ts";

/** The server of a client, as contexts of traced calls name it. */
export function tracedServer(target: Target): TracedServer {
  if ("unary" in target) return { transport: "custom", address: undefined, port: undefined };
  const { hostname, port, protocol } = target.url;
  // A URL writes an IPv6 address in brackets, and leaves out the port of its scheme.
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  return { transport: target.protocol, address, port: Number(port) || (protocol === "https:" ? 443 : 80) };
}
