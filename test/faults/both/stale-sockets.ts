import type { Socket } from "node:net";
import type { Twin } from "../fault.ts";
import { overBoth } from "../fault.ts";
import { late, lostOnce, succeeds } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { goodReply } from "../wire/grpc-reply.ts";
import { onceWarm } from "../wire/once-warm.ts";
import { ofRequests, replyOf } from "../wire/request-server.ts";

type End = (socket: Socket) => void;
const closes: End = (socket) => socket.end();
const resets: End = (socket) => socket.resetAndDestroy();
const short = { timeoutMs: 150 };

const list: readonly Twin[] = [
  { title: "closed after the first reply", start: onceWarm(closes), ...succeeds, warmUps: 1, restMs: 30 },
  { title: "reset after the first reply", start: onceWarm(resets), ...succeeds, warmUps: 1, restMs: 30 },
  {
    title: "closed on the second request",
    start: {
      http: ofRequests(({ socket, connection, request }) => {
        if (connection === 1 && request === 2) socket.end();
        else socket.write(replyOf());
      }),
      grpc: ofFrames(({ socket, stream, connection, write }) => {
        if (connection === 1 && stream > 1) socket.end();
        else write(goodReply(stream));
      }),
    },
    ...lostOnce,
    warmUps: 1,
  },
  {
    title: "silent after the first reply",
    start: {
      http: ofRequests(({ socket, request }) => request === 1 && socket.write(replyOf())),
      grpc: ofFrames(({ stream, write }) => stream === 1 && write(goodReply(stream))),
    },
    ...late,
    warmUps: 1,
    options: short,
  },
];

export const staleSockets = overBoth(list);
