import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import type { Cancellation } from "../../limits/run-within.ts";
import { asUnprocessed } from "../../limits/run-within.ts";
import { connectionFailure, networkFailure, tooLargeFailure } from "../transport-failure.ts";
import { wholeBody } from "../whole-body.ts";
import { checkStatus, hasStatus } from "./check-status.ts";
import type { Connection } from "./connection.ts";
import { prefixLength } from "./frame.ts";
import type { GrpcSession } from "./session.ts";

export interface GrpcRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface GrpcResponse {
  readonly body: Buffer;
  readonly header: IncomingHttpHeaders;
  readonly trailer: IncomingHttpHeaders;
}

/** How often a request is sent again of which the server has processed nothing. */
const mostResends = 3;

/**
 * One unary exchange on an HTTP/2 stream: sends the request and resolves with the body of a response of status OK.
 * Anything else rejects with a ConnectError. When it is canceled the stream is reset. A stream that was refused, or lies
 * above the last one of a GOAWAY, is made again on another connection, as HTTP/2 permits and gRPC calls a transparent
 * retry.
 */
export function exchange(
  session: GrpcSession,
  request: GrpcRequest,
  cancellation: Cancellation,
  maxResponseBytes: number,
): Promise<GrpcResponse> {
  return new Promise((resolve, reject) => {
    let resends = 0;
    const headers = {
      ":method": "POST",
      ":path": request.path,
      ...request.headers,
      "content-type": "application/grpc+proto",
      te: "trailers",
    };
    const sendAgain = (connection: Connection, failure: Error) => {
      session.replace(connection);
      if (cancellation.hasEnded || resends++ === mostResends) reject(asUnprocessed(failure));
      else session.start(cancellation, send, reject);
    };
    const send = (connection: Connection) => {
      let stream: ClientHttp2Stream;
      try {
        stream = connection.open(headers);
      } catch (error) {
        sendAgain(connection, connectionFailure(error, session.origin));
        return;
      }
      const { signs } = connection;
      cancellation.countSent(1);
      cancellation.onCancel(({ code }) => {
        stream.close(constants.NGHTTP2_CANCEL);
        if (code === Code.DeadlineExceeded) session.onTimeout(connection, signs);
      });
      receive(session.origin, connection, stream, maxResponseBytes, resolve, (failure, isRefused) => {
        if (!isRefused) return reject(failure);
        cancellation.countSent(-1);
        return sendAgain(connection, failure);
      });
      stream.end(request.body);
    };
    cancellation.countSent(0);
    session.start(cancellation, send, reject);
  });
}

/** Receives the response that comes on a stream, however that ends. */
function receive(
  origin: string,
  connection: Connection,
  stream: ClientHttp2Stream,
  maxResponseBytes: number,
  resolve: (response: GrpcResponse) => void,
  reject: (reason: Error, isRefused: boolean) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let header: IncomingHttpHeaders | undefined;
  let trailer: IncomingHttpHeaders = {};
  let failure: Error | undefined;
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    const resetCode = stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    const isBroken = failure !== undefined || resetCode !== constants.NGHTTP2_NO_ERROR;
    try {
      // A server that has said all it has to say may reset the stream, so a status counts whatever came after it.
      if (header === undefined || (isBroken && !hasStatus(header, trailer)))
        throw connectionLost(origin, resetCode, failure);
      checkStatus(header, trailer);
      resolve({ body: wholeBody(chunks), header, trailer });
    } catch (error) {
      reject(error as Error, header === undefined && connection.hasRefused(stream));
    }
  };
  stream.on("response", (received) => {
    connection.heard();
    header = received;
  });
  stream.on("trailers", (received) => {
    trailer = received;
  });
  stream.on("data", (chunk: Buffer) => {
    connection.heard();
    size += chunk.byteLength;
    if (size <= maxResponseBytes + prefixLength) chunks.push(chunk);
    else if (!hasEnded) {
      hasEnded = true;
      chunks.length = 0;
      reject(tooLargeFailure(maxResponseBytes), false);
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
  stream.on("error", (reason) => {
    failure = reason;
  });
  // A status says all that there is. Node closes the stream some turns later.
  stream.on("end", () => {
    if (trailer["grpc-status"] !== undefined) end();
  });
  stream.on("close", () => {
    connection.streamClosed();
    end();
  });
}

function connectionLost(origin: string, resetCode: number, failure: Error | undefined): ConnectError {
  if (failure !== undefined) return connectionFailure(failure, origin);
  // Node closes the streams of a lost connection with CANCEL, as a server does that does not want to go on.
  const reset = resetNames[resetCode] ?? resetCode;
  return networkFailure(`${reset}: the stream ended before the reply was complete (${origin})`);
}

/** The error codes of HTTP/2, RFC 9113, by number. */
const resetNames: readonly string[] = [
  "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR",
  "REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED",
].flatMap((names) => names.split(" "));
