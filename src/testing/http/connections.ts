import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Connections } from "../listening-server.ts";

interface Connection {
  requests: number;
  /** The reply to the latest request, after which a connection that is leaving ends. */
  reply: ServerResponse | undefined;
  isLeaving: boolean;
}

/** HTTP connections, each of which ends after so many requests, or after the reply in progress when it is to go away. */
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

  /** Whether a request is to be executed. A pipelined one after the last is not, and its connection ends without a reply. */
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

/** Node.js says `Connection: close` in the reply then, and ends the connection after it. */
function closeAfter(reply: ServerResponse): void {
  reply.shouldKeepAlive = false;
}
