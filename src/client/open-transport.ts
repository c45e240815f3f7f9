import { createGrpcTransport } from "#grpc";
import { createPostClient, defaultMaxInFlight } from "#post";
import type { CheckedClientOptions } from "../options/check-client-options.ts";
import { createFetchPostClient } from "../transport/http/fetch-post-client.ts";
import { createHttpTransport } from "../transport/http/transport.ts";
import { limitedTransport } from "../transport/limited-transport.ts";
import type { ClosableTransport } from "../transport/transport-calls.ts";

export function openTransport(options: CheckedClientOptions): ClosableTransport {
  const { target, interceptors, grpc, maxInFlight, maxQueued, maxResponseBytes } = options;
  if ("unary" in target) return limitedTransport(target);
  const { protocol, url } = target;
  const baseUrl = url.href;
  if (protocol === "grpc") return createGrpcTransport({ ...options, baseUrl, interceptors, session: grpc });
  const { fetch, dispatcher, keepAliveMs } = options.http ?? {};
  const isOurs = fetch === undefined && dispatcher === undefined;
  const load = { maxInFlight: maxInFlight ?? (isOurs ? defaultMaxInFlight : undefined), maxQueued };
  const client =
    fetch === undefined
      ? createPostClient({ ...options, origin: url.origin, dispatcher, keepAliveMs })
      : createFetchPostClient(fetch, maxResponseBytes);
  return createHttpTransport({ baseUrl, client, interceptors, load });
}
