import type { Socket } from "node:net";
import { createServer } from "node:net";
import { listen } from "../../harness/listening-server.ts";
import type { FaultyServer, StartFaulty } from "../fault.ts";

/** A complete HTTP/1.1 request. */
export interface BareRequest {
  readonly socket: Socket;
  /** The numbers of the connection, and of the request on it, from 1. */
  readonly connection: number;
  readonly request: number;
  readonly text: string;
}

/** A server of HTTP/1.1 that reads requests, and leaves each reply to the fault. */
export function ofRequests(onRequest: (request: BareRequest) => void): StartFaulty {
  return async (): Promise<FaultyServer> => {
    let connections = 0;
    let requests = 0;
    const server = createServer((socket) => {
      const connection = ++connections;
      let request = 0;
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        const bodyAt = text.indexOf("\r\n\r\n") + 4;
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (bodyAt < 4 || text.length < bodyAt + length) return;
        requests++;
        const whole = text;
        text = "";
        onRequest({ socket, connection, request: ++request, text: whole });
      });
    });
    return { ...(await listen(server)), requests: () => requests };
  };
}

/** A server that answers each request with the same bytes. */
export function ofReplyBytes(bytes: string | Uint8Array): StartFaulty {
  return ofRequests(({ socket }) => socket.write(bytes));
}

/** The same, and the server then closes the connection. */
export function ofLastBytes(bytes: string | Uint8Array): StartFaulty {
  return ofRequests(({ socket }) => socket.end(bytes));
}

/** A body with an empty result, valid for all methods. */
export const emptyResult = '{"result":{}}';

/** An HTTP/1.1 reply. A Content-Length in `headers` may be wrong on purpose. */
export function replyOf(headers: readonly string[] = [], body = emptyResult, status = "200 OK"): string {
  const length = headers.some((header) => /^(?:content-length|transfer-encoding)/i.test(header))
    ? []
    : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`HTTP/1.1 ${status}`, ...length, ...headers, "", body].join("\r\n");
}
