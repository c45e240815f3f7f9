import { toBinary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { createMethodUrl } from "@connectrpc/connect/protocol";
import type { ConnectionOptions } from "../connection-options.ts";
import { defaultMaxResponseBytes } from "../connection-options.ts";
import type { ClosableTransport } from "../limited-transport.ts";
import { checkTls } from "../tls.ts";
import { withoutTrailingSlashes } from "../trailing-slashes.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import type { LoadLimits } from "../waiting-calls.ts";
import { lazyWebHeaders } from "../web-headers.ts";
import { wireResponse } from "../wire-messages.ts";
import type { GrpcSessionOptions } from "./connection-settings.ts";
import { withDefaults } from "./connection-settings.ts";
import { exchange } from "./exchange.ts";
import { decodeResponse, frame } from "./frame.ts";
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
  const session = new GrpcSession(baseUrl, withDefaults(options.session ?? {}, options), options);
  const prefix = withoutTrailingSlashes(new URL(baseUrl).pathname);
  return createUnaryTransport({
    interceptors,
    url: (method) => createMethodUrl(baseUrl, method),
    deadlineHeader: (timeoutMs) => ({ "grpc-timeout": timeoutValue(timeoutMs) }),
    async roundTrip({ method, message, header: headers }, cancellation) {
      const path = `${prefix}/${method.parent.typeName}/${method.name}`;
      const request = { path, headers, body: frame(toBinary(method.input, message)) };
      const { body, header, trailer } = await exchange(session, request, cancellation, maxResponseBytes);
      const makeHeader = lazyWebHeaders(header);
      const makeTrailer = lazyWebHeaders(trailer);
      return wireResponse(
        method,
        decodeResponse(method.output, body, header["grpc-encoding"]),
        makeHeader,
        makeTrailer,
      );
    },
    close: async () => session.close(),
  });
}

/** The value of grpc-timeout, which has no more than eight digits. */
function timeoutValue(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}
