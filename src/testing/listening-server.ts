import type { Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";

/** The connections of one protocol. */
export interface Connections {
  /** Ends each connection after the calls that it has taken. */
  goAway(): void;
}

/** A server that can end its connections at once or gracefully, and listen again at its port. */
export class ListeningServer {
  readonly #server: Server | Http2Server;
  readonly #connections: Connections;
  /** By the client's port. */
  readonly #sockets = new Map<number, Socket>();

  constructor(server: Server | Http2Server, connections: Connections) {
    this.#server = server;
    this.#connections = connections;
    server.on("connection", (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.#sockets.set(port, socket);
      socket.once("close", () => this.#sockets.delete(port));
    });
  }

  /** Starts listening, and returns the port. Port 0 stands for any free port. */
  listen(port: number, host: string): Promise<number> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  }

  /** Closes one connection without a reply. */
  dropConnection(clientPort: number): void {
    this.#sockets.get(clientPort)?.destroy();
  }

  goAway(): void {
    this.#connections.goAway();
  }

  /** Stops listening, and ends every connection at once. */
  close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.destroy();
    return this.#stop();
  }

  /** Stops listening, and waits until the connections have finished their calls and ended. */
  drain(): Promise<void> {
    this.#connections.goAway();
    return this.#stop();
  }

  #stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
