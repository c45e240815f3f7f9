import type { Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";

export interface SwallowingProxy extends ListeningServer {
  /** Makes the open connections forward nothing from now on, without an error. Later connections forward all. */
  swallow(): void;
}

/** A proxy that can drop all bytes without an error, as firewalls do with idle connections. */
export async function swallowingProxy(port: number): Promise<SwallowingProxy> {
  const open = new Set<Socket>();
  const proxy = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on("error", () => end.destroy());
    socket.on("close", () => upstream.destroy());
    open.add(socket);
  });
  const swallow = () => {
    for (const socket of open) socket.unpipe().resume();
  };
  return { ...(await listen(proxy)), swallow };
}
