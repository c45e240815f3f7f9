import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { TlsOptions } from "node:tls";
import type { Message } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { CentrifugoApi } from "#api";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";

export type Protocol = "http" | "grpc";
/** Both, but only gRPC if the tests run with connect-node's transport. */
export const protocols: readonly Protocol[] = process.env.TSCENT_STOCK_GRPC ? ["grpc"] : ["http", "grpc"];
export const table = methodTable(CentrifugoApi);

/** Makes the paths without the method table, so that tests notice a wrong path of the table. */
const methodsByPath = new Map(
  table.methods.map((method) => [
    `/api/${method.rpc.name
      .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
      .join("_")
      .toLowerCase()}`,
    method,
  ]),
);

/** A call as the server received it. */
export interface Received {
  /** The client's name of the method. */
  readonly method: string;
  /** The HTTP headers, or the gRPC metadata. */
  readonly headers: Headers;
  readonly message: Message;
}

/** Gives the response message of a call. Over gRPC it may throw a ConnectError. */
export type Answer = (received: Received) => Message | Promise<Message>;

export interface ScriptedServer extends ListeningServer {
  /** The `url` for `createClient`. */
  readonly url: string;
  readonly received: Received[];
}

export interface ScriptedServerOptions {
  readonly tls?: TlsOptions | undefined;
  readonly port?: number | undefined;
}

/** A server with all methods of the API that answers each call by `answer`, over either protocol. */
export async function startScripted(
  protocol: Protocol,
  answer: Answer,
  { tls, port }: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const record: Answer = (call) => {
    received.push(call);
    return answer(call);
  };
  const server = await listen(protocol === "http" ? httpServer(record, tls) : grpcServer(record, tls), port);
  const scheme = tls === undefined ? "http" : "https";
  // The certificate is for localhost.
  const host = tls === undefined ? "127.0.0.1" : "localhost";
  const url = `${scheme}://${host}:${server.port}${protocol === "http" ? "/api" : ""}`;
  return { ...server, url, received };
}

function httpServer(answer: Answer, tls: TlsOptions | undefined) {
  const listener: RequestListener = async (request, response) => {
    const method = methodsByPath.get(`${request.url}`);
    if (request.method !== "POST" || method === undefined) {
      response.writeHead(404).end("404 page not found");
      return;
    }
    const message = readMessage(method.rpc.input, await bodyOf(request));
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, `${value}`]));
    const reply = await answer({ method: method.name, headers, message });
    const rawJson = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const body = writeMessage(method.rpc.output, reply, { rawJson });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  };
  return tls === undefined ? createServer(listener) : createHttpsServer(tls, listener);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(request, "end");
  return Buffer.concat(chunks).toString();
}

function grpcServer(answer: Answer, tls: TlsOptions | undefined) {
  const listener = connectNodeAdapter({ routes: grpcRoutes(answer), connect: false, grpcWeb: false });
  return tls === undefined ? createHttp2Server(listener) : createSecureServer(tls, listener);
}

/** All methods, for a router of connect. */
export function grpcRoutes(answer: Answer): (router: ConnectRouter) => void {
  return (router) => {
    for (const method of table.methods) {
      router.rpc(method.rpc, (message, { requestHeader }) =>
        answer({ method: method.name, headers: requestHeader, message }),
      );
    }
  };
}
