import type { Transport } from "@connectrpc/connect";
import type { ClosableTransport } from "./transport-calls.ts";
import { TransportCalls } from "./transport-calls.ts";

/** Wraps a caller's transport, which may ignore a call's deadline or signal. Its connections stay the caller's. */
export function limitedTransport(transport: Transport): ClosableTransport {
  const calls = new TransportCalls();
  const limited: Transport = {
    unary: (method, signal, timeoutMs, ...rest) =>
      calls.start(timeoutMs, signal, (call) => {
        // `async` covers a transport that throws, or returns no promise.
        const answer = async () =>
          // Connect's own transports refuse a part of a millisecond.
          transport.unary(method, signal, timeoutMs && Math.ceil(timeoutMs), ...rest);
        call.follow(answer());
      }),
    stream: transport.stream,
  };
  return { transport: limited, close: async () => calls.end() };
}
