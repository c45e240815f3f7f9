import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Connections } from "../listening-server.ts";

interface Connection {
  requests: number;
  /** The reply to the latest request. A leaving connection ends after it. */
  reply: ServerResponse | undefined;
  isLeaving: boolean;
}

/** HTTP connections. Each ends after `requestsPerConnection` requests, or by `goAway` after the reply in progress. */
export class HttpConnections implements Connections {
  readonly #requestsPerConnection: number;
  readonly #open = new Map<Socket, Connection>();

  constructor(requestsPerConnection: number) {
    this.#requestsPerConnection = requestsPerConnection;
  }

  follow(server: Server): void {
    server.on("connection", (socket: Socket) => {
      this.#open.set(socket, { requests: 0, reply: undefined, isLeaving: false });
      socket.once("close", () => this.#open.delete(socket));
    });
  }

  /** Whether to execute a request. A pipelined request after the last one is not executed, and gets no reply. */
  takes(request: IncomingMessage, reply: ServerResponse): boolean {
    const connection = this.#open.get(request.socket);
    if (connection === undefined || connection.isLeaving) return false;
    connection.reply = reply;
    connection.requests++;
    if (connection.requests >= this.#requestsPerConnection) {
      connection.isLeaving = true;
      closeAfter(reply);
    }
    return true;
  }

  goAway(): void {
    for (const [socket, connection] of this.#open) {
      connection.isLeaving = true;
      if (connection.reply === undefined || connection.reply.writableEnded) socket.destroySoon();
      else closeAfter(connection.reply);
    }
  }
}

/** Makes Node.js send `Connection: close`, and end the connection after the reply. */
function closeAfter(reply: ServerResponse): void {
  reply.shouldKeepAlive = false;
}
