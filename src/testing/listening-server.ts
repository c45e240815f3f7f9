import type { Server } from "node:http";
import type { Http2Server } from "node:http2";
import type { Socket } from "node:net";

/** A server with its open connections, which it can end at once. */
export class ListeningServer {
  readonly #server: Server | Http2Server;
  /** By the client's port. */
  readonly #sockets = new Map<number, Socket>();

  constructor(server: Server | Http2Server) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.#sockets.set(port, socket);
      socket.once("close", () => this.#sockets.delete(port));
    });
  }

  /** Starts listening, at any free port where `port` is 0, and gives the origin of the server's URLs. */
  listen(port: number, host: string): Promise<string> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        const address = server.address();
        const bound = typeof address === "object" && address !== null ? address.port : port;
        resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
      });
    });
  }

  /** Closes one connection without a word. */
  dropConnection(clientPort: number): void {
    this.#sockets.get(clientPort)?.destroy();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
  }
}
