import type { RequestListener } from "node:http";
import { createServer as createHttp1Server } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createHttp2Server } from "node:http2";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";

/** A server that a test makes misbehave through its connections, requests or streams. */
export type StartServer = () => Promise<ListeningServer>;

/** A server of bytes. */
export function ofSockets(onSocket: (socket: Socket) => void): StartServer {
  return () => listen(createServer(onSocket));
}

/** A server that answers the first bytes of a connection with `answer`, and keeps the connection open. */
export function ofBytes(answer: string | Uint8Array): StartServer {
  return ofSockets((socket) => socket.once("data", () => socket.write(answer)));
}

/** A server of HTTP/1.1. */
export function ofHttp(onRequest: RequestListener): StartServer {
  return () =>
    listen(
      createHttp1Server((request, response) => {
        request.resume().on("end", () => onRequest(request, response));
      }),
    );
}

/** A server of HTTP/1.1 with one reply for all requests. */
export function ofReply(
  status: number,
  body: string | Uint8Array = "",
  headers: Record<string, string> = {},
) {
  return ofHttp((_request, response) => response.writeHead(status, headers).end(body));
}

/** A server of HTTP/2 without TLS. */
export function ofStreams(onStream: (stream: ServerHttp2Stream) => void): StartServer {
  return () => {
    const server = createHttp2Server();
    server.on("stream", (stream) => {
      // The client resets streams in many tests, which is an error here.
      stream.on("error", () => stream.destroy());
      stream.resume().on("end", () => onStream(stream));
    });
    return listen(server);
  };
}

export interface GrpcReply {
  readonly status?: number;
  readonly body?: Uint8Array;
  /** Undefined for a reply that ends without trailers. */
  readonly trailers?: Record<string, string> | undefined;
  readonly contentType?: string;
}

const ok = { "grpc-status": "0" };

/** Sends a valid gRPC reply, of which `reply` replaces parts. */
export function sendGrpc(stream: ServerHttp2Stream, reply: GrpcReply): void {
  const { status = 200, body = new Uint8Array(), contentType = "application/grpc" } = reply;
  const trailers = "trailers" in reply ? reply.trailers : ok;
  stream.respond(
    { ":status": status, "content-type": contentType },
    { waitForTrailers: trailers !== undefined },
  );
  stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
  stream.end(body);
}

/** A gRPC server with one reply for all calls. */
export function ofGrpcReply(reply: GrpcReply): StartServer {
  return ofStreams((stream) => sendGrpc(stream, reply));
}

/** A gRPC server that answers with headers only, as servers do for errors without a message. */
export function ofGrpcHeaders(headers: Record<string, string | number>): StartServer {
  return ofStreams((stream) =>
    stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { endStream: true }),
  );
}

/** A message in its gRPC frame. `length` and `flags` may be wrong on purpose. */
export function grpcFrame(message: Uint8Array, { length = message.length, flags = 0 } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}
