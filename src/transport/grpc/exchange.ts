import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { binaryFormat } from "../../limits/binary-format.ts";
import { Code } from "../../limits/connect-error.ts";
import { asUnprocessed } from "../../limits/run-within.ts";
import {
  connectionFailure,
  messageOf,
  networkFailure,
  requestFailure,
  tooLargeFailure,
} from "../transport-failure.ts";
import type { UnaryCall } from "../unary-transport.ts";
import type { Waiter } from "../waiting-calls.ts";
import { lazyWebHeaders } from "../web-headers.ts";
import { joinSmallChunks, wholeBody } from "../whole-body.ts";
import type { WireRequest } from "../wire-messages.ts";
import { wireResponse } from "../wire-messages.ts";
import { checkStatus, hasStatus } from "./check-status.ts";
import type { Connection } from "./connection.ts";
import { decodeResponse, frame, prefixLength } from "./frame.ts";
import { resetCodes, resetNames } from "./reset-codes.ts";
import type { GrpcSession } from "./session.ts";

/** Node's error codes for a session that takes no more streams. Other errors concern the request. */
const connectionCodes = new Set<unknown>([
  "ERR_HTTP2_GOAWAY_SESSION",
  "ERR_HTTP2_INVALID_SESSION",
  "ERR_HTTP2_OUT_OF_STREAMS",
]);
/** A stream's 100th 1xx response ends the connection. */
const mostInformational = 100;
/** Resends of a request that the server has not processed. */
const mostResends = 3;

/** Where requests go, and the size limit of their responses. */
export interface GrpcTarget {
  readonly session: GrpcSession;
  /** The path of the address, put in front of each method's path. */
  readonly prefix: string;
  readonly maxResponseBytes: number;
}

/**
 * One unary exchange on an HTTP/2 stream. It settles the call with an OK response or a ConnectError. If the call ends first,
 * the stream is reset. If the server refuses the stream, or GOAWAY excludes it, the request is sent again: gRPC calls that a
 * transparent retry.
 */
export class Exchange implements Waiter<Connection> {
  readonly call: UnaryCall;
  readonly #target: GrpcTarget;
  readonly #request: WireRequest;
  #resends = 0;
  #isClosing = false;

  constructor(target: GrpcTarget, request: WireRequest, call: UnaryCall) {
    this.#target = target;
    this.#request = request;
    this.call = call;
    call.countSent(0);
    target.session.start(this);
  }

  start(connection: Connection): void {
    const { call } = this;
    const { session, prefix } = this.#target;
    const { method, message, header } = this.#request;
    let stream: ClientHttp2Stream;
    let body: Buffer;
    try {
      body = frame(binaryFormat().toBinary(method.input, message));
      stream = connection.open({
        ":method": "POST",
        ":path": `${prefix}/${method.parent.typeName}/${method.name}`,
        ...header,
        "content-type": "application/grpc+proto",
        te: "trailers",
      });
    } catch (error) {
      const isConnection = connectionCodes.has(Reflect.get(Object(error), "code"));
      if (isConnection) this.#sendAgain(connection, connectionFailure(error, session.origin));
      else call.reject(requestFailure(messageOf(error), "", error));
      return;
    }
    const { signs } = connection;
    call.countSent(1);
    call.onCancel(({ code }) => {
      this.#closing(connection);
      stream.close(resetCodes.CANCEL);
      if (code === Code.DeadlineExceeded) session.onTimeout(connection, signs);
    });
    this.#receive(connection, stream);
    stream.end(body);
  }

  #sendAgain(connection: Connection, failure: unknown): void {
    const { session } = this.#target;
    session.replace(connection, mostResends);
    if (this.call.hasEnded || this.#resends++ === mostResends)
      this.call.reject(asUnprocessed(Object(failure)));
    else session.start(this);
  }

  /** Counts the stream as one that is about to close. */
  #closing(connection: Connection): void {
    if (!this.#isClosing) connection.closing++;
    this.#isClosing = true;
  }

  #receive(connection: Connection, stream: ClientHttp2Stream): void {
    const { session, maxResponseBytes } = this.#target;
    const { method } = this.#request;
    const chunks: Buffer[] = [];
    let size = 0;
    let header: IncomingHttpHeaders | undefined;
    let trailer: IncomingHttpHeaders = {};
    let failure: Error | undefined;
    let hasEnded = false;
    let informational = 0;
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      const resetCode = stream.rstCode ?? resetCodes.NO_ERROR;
      const isBroken = failure !== undefined || resetCode !== resetCodes.NO_ERROR;
      try {
        if (size > maxResponseBytes + prefixLength) throw tooLargeFailure(maxResponseBytes);
        // A server may reset the stream right after its status, so a status counts despite a reset.
        if (header === undefined || (isBroken && !hasStatus(header, trailer)))
          throw connectionLost(session.origin, resetCode, failure);
        checkStatus(header, trailer);
        const message = decodeResponse(method.output, wholeBody(chunks), header["grpc-encoding"]);
        this.call.resolve(wireResponse(method, message, lazyWebHeaders(header), lazyWebHeaders(trailer)));
      } catch (error) {
        if (header !== undefined || !connection.hasRefused(stream)) return this.call.reject(error);
        this.call.countSent(-1);
        this.#sendAgain(connection, error);
      }
    };
    stream.on("headers", () => {
      // Node would buffer up to half a gigabyte of 1xx headers.
      if (++informational === mostInformational)
        connection.abort(networkFailure("the server sends 1xx headers without end"));
    });
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
      if (size <= maxResponseBytes + prefixLength) {
        chunks.push(chunk);
        joinSmallChunks(chunks, size);
      } else if (!hasEnded) {
        this.#closing(connection);
        end();
        stream.close(resetCodes.CANCEL);
      }
    });
    stream.on("error", (reason) => {
      failure = reason;
    });
    // The status completes the response. Node closes the stream some turns later.
    stream.on("end", () => {
      if (trailer["grpc-status"] === undefined) return;
      this.#closing(connection);
      end();
    });
    stream.on("close", () => {
      if (this.#isClosing) connection.closing--;
      this.#isClosing = false;
      connection.streamClosed();
      end();
    });
  }
}

function connectionLost(origin: string, resetCode: number, failure: Error | undefined): ConnectError {
  if (failure !== undefined) return connectionFailure(failure, origin);
  // CANCEL is ambiguous: servers send it, and Node closes the streams of a lost connection with it.
  const reset = resetNames[resetCode] ?? resetCode;
  return networkFailure(`${reset}: the stream ended before the reply was complete (${origin})`);
}
