import type { Socket } from "node:net";
import type { StartFaulty } from "../fault.ts";
import { ofFrames } from "./frame-server.ts";
import { goodReply } from "./grpc-reply.ts";
import { ofRequests, replyOf } from "./request-server.ts";

type Act = (first: Socket) => void;

/** Gives each request a valid reply, and acts on the first connection once the client has its warm-up reply. */
export function onceWarm(act: Act): Record<"http" | "grpc", StartFaulty> {
  return {
    http: withFirst(act, (sockets) =>
      ofRequests(({ socket }) => {
        sockets.push(socket);
        socket.write(replyOf());
      }),
    ),
    grpc: withFirst(act, (sockets) =>
      ofFrames(({ socket, stream, write }) => {
        sockets.push(socket);
        write(goodReply(stream));
      }),
    ),
  };
}

function withFirst(act: Act, startWith: (sockets: Socket[]) => StartFaulty): StartFaulty {
  return async () => {
    const sockets: Socket[] = [];
    const server = await startWith(sockets)();
    return { ...server, onWarm: () => act(sockets[0] as Socket) };
  };
}
