import { toBinary } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createMethodUrl } from "@connectrpc/connect/protocol";
import type { TlsOptions } from "../tls.ts";
import { checkTls } from "../tls.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import { lazyWebHeaders } from "../web-headers.ts";
import { wireResponse } from "../wire-messages.ts";
import type { GrpcSessionOptions } from "./connection-settings.ts";
import { exchange } from "./exchange.ts";
import { decodeResponse, frame } from "./frame.ts";
import { GrpcSession } from "./session.ts";

export interface GrpcTransportOptions {
  /** The address of the API, as in `http://localhost:10000` (h2c) or `https://…`. */
  readonly baseUrl: string;
  readonly interceptors?: readonly Interceptor[] | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly session?: GrpcSessionOptions | undefined;
}

/** A unary gRPC transport on `node:http2`. */
export function createGrpcTransport(options: GrpcTransportOptions): {
  transport: Transport;
  close(): Promise<void>;
} {
  const { baseUrl, tls, interceptors = [] } = options;
  checkTls(tls);
  const session = new GrpcSession(baseUrl, tls, options.session);
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, "");
  const transport = createUnaryTransport({
    interceptors,
    url: (method) => createMethodUrl(baseUrl, method),
    deadlineHeader: (timeoutMs) => ({ "grpc-timeout": timeoutValue(timeoutMs) }),
    async roundTrip({ method, message, header: headers }, cancellation) {
      const path = `${prefix}/${method.parent.typeName}/${method.name}`;
      const request = { path, headers, body: frame(toBinary(method.input, message)) };
      const { body, header, trailer } = await exchange(session, request, cancellation);
      const answer = decodeResponse(method.output, body);
      return wireResponse(method, answer, lazyWebHeaders(header), lazyWebHeaders(trailer));
    },
  });
  return { transport, close: async () => session.close() };
}

/** The value of grpc-timeout, which has no more than eight digits. */
function timeoutValue(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}
