import { once } from "node:events";
import { createServer } from "node:net";

const lowest = 20_000;
const highest = 29_999;

/**
 * A free port of loopback, outside of the ports that the system gives to connections: a client that knocks at such a port
 * while nothing listens there may be given that port for its own end, and is then connected with itself.
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
