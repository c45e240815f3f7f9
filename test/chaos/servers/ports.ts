import { once } from "node:events";
import { createServer } from "node:net";

const lowest = 20_000;
const highest = 29_999;

/**
 * A free port of loopback that the system does not give to outgoing connections. A client that connects to such a port
 * while no server listens may get the same port for its own end, and is then connected to itself.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
