import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";

/** A server that listens on loopback. Disposal ends all connections in any state. */
export interface ListeningServer extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has accepted so far. */
  readonly accepted: () => number;
  /** The connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
}

/** Starts any of Node's servers, on a free port by default. */
export async function listen(server: Server, port = 0): Promise<ListeningServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Many tests cause resets and broken handshakes. Only the client's error matters.
    socket.on("error", () => socket.destroy());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => accepted,
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Waits until `condition` holds, and fails after two seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A port of loopback without a listener. */
export async function unusedPort(): Promise<number> {
  await using server = await listen(createServer());
  return server.port;
}
