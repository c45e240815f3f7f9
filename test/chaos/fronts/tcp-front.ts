import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import { freePort } from "../servers/ports.ts";

interface Connection {
  readonly client: Socket;
  /** Whether the client has sent bytes, and none have come back since. */
  isBusy: boolean;
}

/** Forwards each TCP connection to the first server that accepts it, and can end connections like a proxy. */
export class TcpFront implements AsyncDisposable {
  readonly #servers: readonly number[];
  readonly #connections = new Set<Connection>();
  readonly #server = createServer((client) => void this.#accept(client));
  readonly port: number;
  #isClosed = false;

  private constructor(port: number, servers: readonly number[]) {
    this.port = port;
    this.#servers = servers;
  }

  /** Starts a front of servers at these ports of loopback. */
  static async start(servers: readonly number[]): Promise<TcpFront> {
    const front = new TcpFront(await freePort(), servers);
    front.#server.listen(front.port, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  /** Ends each idle connection, like a worker that shuts down. A request that arrives meanwhile is not forwarded. */
  endIdle(): void {
    for (const { client, isBusy } of this.#connections) if (!isBusy) client.unpipe().destroySoon();
  }

  /** Ends every connection at once, like a worker after its time limit. */
  cut(): void {
    for (const { client } of this.#connections) client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  async #accept(client: Socket): Promise<void> {
    client.on("error", () => client.destroy());
    client.pause();
    const upstream = await this.#open();
    if (upstream === undefined || client.destroyed || this.#isClosed) {
      upstream?.destroy();
      client.destroy();
      return;
    }
    const connection: Connection = { client, isBusy: false };
    this.#connections.add(connection);
    client.on("data", () => {
      connection.isBusy = true;
    });
    upstream.on("data", () => {
      connection.isBusy = false;
    });
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroySoon());
    client.on("close", () => {
      this.#connections.delete(connection);
      upstream.destroy();
    });
    client.pipe(upstream).pipe(client);
  }

  async #open(): Promise<Socket | undefined> {
    for (const port of this.#servers) {
      const upstream = connect(port, "127.0.0.1");
      const isOpen = await once(upstream, "connect").then(
        () => true,
        () => false,
      );
      if (isOpen) return upstream;
    }
    return undefined;
  }
}
