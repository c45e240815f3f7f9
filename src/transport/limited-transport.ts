import type { Transport } from "@connectrpc/connect";
import type { ClosableTransport } from "./transport-calls.ts";
import { TransportCalls } from "./transport-calls.ts";

/** A caller's transport, which keeps its own connections, and may not keep to the limits of a call. */
export function limitedTransport(transport: Transport): ClosableTransport {
  const calls = new TransportCalls();
  const limited: Transport = {
    unary: (method, signal, timeoutMs, ...rest) =>
      // The function is async as the transport may throw, or give no promise.
      calls.run(timeoutMs, signal, async () => transport.unary(method, signal, timeoutMs, ...rest)),
    stream: transport.stream,
  };
  return { transport: limited, close: async () => calls.end() };
}
