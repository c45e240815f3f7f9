import { connect, createServer } from "node:net";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";

/** A proxy that delays all bytes by some milliseconds, like a long distance. */
export function delayingProxy(port: number, ms: number): Promise<ListeningServer> {
  const proxy = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.on("data", (bytes) => setTimeout(() => to.write(bytes), ms));
      from.on("error", () => from.destroy());
      from.on("close", () => to.destroy());
    }
  });
  return listen(proxy);
}
