import type { ClientHttp2Session } from "node:http2";

export interface RawGrpcReply {
  readonly httpStatus: number;
  readonly grpcStatus: string;
  /** As it stands in the trailer, percent-encoded. */
  readonly grpcMessage: string;
  readonly details: string | null;
  /** The bytes of the reply's message; null for none. */
  readonly message: Buffer | null;
}

/** Sends one message, or any bytes, in a gRPC frame, and reads the reply, without a gRPC client. */
export function sendGrpc(
  session: ClientHttp2Session,
  path: string,
  metadata: Record<string, string | string[]>,
  message: Uint8Array,
): Promise<RawGrpcReply> {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
    let httpStatus = 0;
    let status: NodeJS.Dict<string | string[] | number> = {};
    const chunks: Buffer[] = [];
    stream.on("error", reject);
    stream.on("response", (headers) => {
      httpStatus = headers[":status"] ?? 0;
      status = headers;
    });
    stream.on("trailers", (trailers) => {
      status = trailers;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const body = Buffer.concat(chunks);
      resolve({
        httpStatus,
        grpcStatus: String(status["grpc-status"] ?? ""),
        grpcMessage: String(status["grpc-message"] ?? ""),
        details:
          status["grpc-status-details-bin"] === undefined ? null : String(status["grpc-status-details-bin"]),
        message: body.length === 0 ? null : body.subarray(5),
      });
    });
    stream.end(frame);
  });
}
