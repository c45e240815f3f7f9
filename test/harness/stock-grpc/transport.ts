import * as stock from "@connectrpc/connect-node";
import type * as own from "../../../src/transport/grpc/transport.ts";
import { limitedTransport } from "../../../src/transport/limited-transport.ts";

/** Connect-node's transport in place of ours, as when a caller passes it. */
export function createGrpcTransport(
  options: own.GrpcTransportOptions,
): ReturnType<typeof own.createGrpcTransport> {
  const { baseUrl, interceptors = [], tls, session } = options;
  // Connect-node's types refuse an option that is present and undefined.
  const settings = session as ConstructorParameters<typeof stock.Http2SessionManager>[1];
  const manager = new stock.Http2SessionManager(baseUrl, settings, tls);
  const transport = stock.createGrpcTransport({
    baseUrl,
    interceptors: [...interceptors],
    sessionManager: manager,
  });
  const limited = limitedTransport(transport);
  return {
    ...limited,
    async close() {
      await limited.close();
      manager.abort();
    },
  };
}
