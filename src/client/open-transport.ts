import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "#grpc";
import { createPostClient } from "#post";
import type { CheckedClientOptions } from "../options/check-client-options.ts";
import { createFetchPostClient } from "../transport/http/fetch-post-client.ts";
import { createHttpTransport } from "../transport/http/transport.ts";
import { limitedTransport } from "../transport/limited-transport.ts";

/** The transport that the options ask for. Its `close` ends the connections that were made for it. */
export function openTransport(options: CheckedClientOptions): {
  transport: Transport;
  close(): Promise<void>;
} {
  const { target, interceptors, tls, http: { fetch, dispatcher } = {}, grpc } = options;
  if ("unary" in target) return { transport: limitedTransport(target), close: async () => {} };
  const { protocol, url } = target;
  if (protocol === "grpc")
    return createGrpcTransport({ baseUrl: url.href, interceptors, tls, session: grpc });
  const client =
    fetch === undefined
      ? createPostClient({ origin: url.origin, tls, dispatcher })
      : createFetchPostClient(fetch);
  const transport = createHttpTransport({ baseUrl: url.href, client, interceptors });
  return { transport, close: () => client.close() };
}
