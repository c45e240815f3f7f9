import * as stock from "@connectrpc/connect-node";
import type { OpenTransport } from "../../../src/client/open-transport.ts";
import type { GrpcTransportOptions } from "../../../src/transport/grpc/transport.ts";
import { limitedTransport } from "../../../src/transport/limited-transport.ts";

/** Connect-node's transport in place of ours, as when a caller passes it. */
export function createGrpcTransport(options: GrpcTransportOptions): OpenTransport {
  const { baseUrl, interceptors = [], tls, session } = options;
  const manager = new stock.Http2SessionManager(baseUrl, session, tls);
  const transport = stock.createGrpcTransport({
    baseUrl,
    interceptors: [...interceptors],
    sessionManager: manager,
  });
  return {
    transport: limitedTransport(transport),
    close: async () => manager.abort(),
  };
}
