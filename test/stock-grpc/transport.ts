import * as stock from "@connectrpc/connect-node";
import type { GrpcTransportOptions } from "../../src/grpc/transport.ts";
import type { OpenTransport } from "../../src/open-transport.ts";
import { withinLimits } from "../../src/within-limits.ts";

/** Connect-node's transport in place of ours, as when a caller passes it. */
export function createGrpcTransport(options: GrpcTransportOptions): OpenTransport {
  const { baseUrl, interceptors = [], deadlines, tls, session } = options;
  const manager = new stock.Http2SessionManager(baseUrl, session, tls);
  const transport = stock.createGrpcTransport({
    baseUrl,
    interceptors: [...interceptors],
    sessionManager: manager,
  });
  return {
    transport: withinLimits(transport, deadlines),
    close: async () => manager.abort(),
  };
}
