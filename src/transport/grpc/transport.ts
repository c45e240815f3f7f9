import type { Interceptor } from "@connectrpc/connect";
import { loadBinaryFormat } from "../../limits/binary-format.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { defaultMaxResponseBytes } from "../connection-options.ts";
import { builtin } from "../node-builtins.ts";
import { checkTls } from "../tls.ts";
import { withoutTrailingSlashes } from "../trailing-slashes.ts";
import type { ClosableTransport } from "../transport-calls.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import type { LoadLimits } from "../waiting-calls.ts";
import type { GrpcSessionOptions } from "./connection-settings.ts";
import { withDefaults } from "./connection-settings.ts";
import { Exchange } from "./exchange.ts";
import { GrpcSession } from "./session.ts";

export interface GrpcTransportOptions extends ConnectionOptions, LoadLimits {
  /** The address of the API, as in `http://localhost:10000` (h2c) or `https://…`. */
  readonly baseUrl: string;
  readonly interceptors?: readonly Interceptor[] | undefined;
  readonly session?: GrpcSessionOptions | undefined;
  readonly maxResponseBytes?: number | undefined;
}

/** A unary gRPC transport on `node:http2`. */
export function createGrpcTransport(options: GrpcTransportOptions): ClosableTransport {
  const { baseUrl, interceptors = [], maxResponseBytes = defaultMaxResponseBytes } = options;
  checkTls(options.tls);
  // Loading begins here, so that the deadline of the first call covers less of it. A connection reports a failure.
  builtin("node:http2");
  loadBinaryFormat().catch(() => {});
  const session = new GrpcSession(baseUrl, withDefaults(options.session ?? {}, options), options);
  const prefix = withoutTrailingSlashes(new URL(baseUrl).pathname);
  const target = { session, prefix, maxResponseBytes };
  return createUnaryTransport({
    interceptors,
    url: (method) => `${withoutTrailingSlashes(baseUrl)}/${method.parent.typeName}/${method.name}`,
    deadlineHeader: (timeoutMs) => ({ "grpc-timeout": timeoutValue(timeoutMs) }),
    roundTrip(request, call) {
      new Exchange(target, request, call);
    },
    close: async () => session.close(),
  });
}

/** The value of grpc-timeout, which has at most eight digits. */
function timeoutValue(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}
