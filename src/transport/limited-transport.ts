import type { Transport } from "@connectrpc/connect";
import { runWithin } from "../limits/run-within.ts";

/** A caller's transport, which keeps its own connections, and may not keep to the limits of a call. */
export function limitedTransport(transport: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs, ...rest) =>
      // The function is async as the transport may throw, or give no promise.
      runWithin(timeoutMs, signal, async () => transport.unary(method, signal, timeoutMs, ...rest)),
    stream: transport.stream,
  };
}
