import { toBinary } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createMethodUrl } from "@connectrpc/connect/protocol";
import type { Http2SessionOptions } from "@connectrpc/connect-node";
import { Http2SessionManager } from "@connectrpc/connect-node";
import { checkTls } from "../secure-context.ts";
import type { TlsOptions } from "../tls-options.ts";
import { networkFailure } from "../transport-failure.ts";
import { createUnaryTransport } from "../unary-transport.ts";
import { decodeReply, frame } from "./frame.ts";
import { exchange } from "./stream.ts";

/** Settings of the HTTP/2 connection; those of connect-node's `Http2SessionManager`. */
export type GrpcSessionOptions = Http2SessionOptions;

export interface GrpcTransportOptions {
  /** The address of the API, as in `http://localhost:10000` (h2c) or `https://…`. */
  readonly baseUrl: string;
  readonly interceptors?: readonly Interceptor[] | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly session?: GrpcSessionOptions | undefined;
}

/**
 * gRPC servers take a ping every five minutes at most. Only a connection that was silent for longer is asked whether it
 * is still there: load balancers drop those without a word.
 */
const pingIntervalMs = 310_000;

/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;

/** A unary gRPC transport on `node:http2`. */
export function createGrpcTransport(options: GrpcTransportOptions): {
  transport: Transport;
  close(): Promise<void>;
} {
  const { baseUrl, tls, session, interceptors = [] } = options;
  checkTls(tls);
  const manager = new Http2SessionManager(
    baseUrl,
    { pingIntervalMs, ...session },
    { ...tls, maxSessionMemory },
  );
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, "");
  const transport = createUnaryTransport({
    interceptors,
    url: (method) => createMethodUrl(baseUrl, method),
    deadlineHeader: (timeoutMs) => ({ "grpc-timeout": timeoutValue(timeoutMs) }),
    async send({ method, message, header }, cancellation) {
      const path = `${prefix}/${method.parent.typeName}/${method.name}`;
      const body = frame(toBinary(method.input, message));
      const reply = await exchange(manager, { path, headers: header, body }, cancellation);
      return {
        message: decodeReply(method.output, reply.body),
        header: reply.header,
        trailer: reply.trailer,
      };
    },
  });
  const close = async () => manager.abort(networkFailure("the client was closed"));
  return { transport, close };
}

/** The value of grpc-timeout, which has no more than eight digits. */
function timeoutValue(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}
