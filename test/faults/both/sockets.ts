import type { Socket } from "node:net";
import { createServer } from "node:net";
import { listen } from "../../harness/listening-server.ts";
import { ofSockets, ofStreams, sendGrpc } from "../../harness/misbehaving-server.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { over, overBoth } from "../fault.ts";
import { closedUnderCall, late, lateUnsent, lost, succeeds, unprocessed } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { headers, settings } from "../wire/frames.ts";
import { goodBody } from "../wire/good-servers.ts";
import { message, replyHeaders } from "../wire/grpc-reply.ts";
import { emptyResult, ofRequests, replyOf } from "../wire/request-server.ts";

type End = (socket: Socket) => void;
const closes: End = (socket) => socket.end();
const resets: End = (socket) => socket.resetAndDestroy();
const stays: End = () => {};
const short = { timeoutMs: 150 };
const unfinished = replyOf().slice(0, -1);
const cutHeaders = headers(1, { ":status": "200", "content-type": "application/grpc" }).subarray(0, 20);

/** Writes the start of a reply, and then ends the connection or stays silent. */
function begins(end: End, http: string, grpc: readonly Uint8Array[]): Record<"http" | "grpc", StartFaulty> {
  const endSoon = (socket: Socket) => setTimeout(() => end(socket), 5);
  return {
    http: ofRequests(({ socket }) => {
      if (http !== "") socket.write(http);
      endSoon(socket);
    }),
    grpc: ofFrames(({ socket, write }) => {
      write(...grpc);
      endSoon(socket);
    }),
  };
}

const places: readonly (readonly [where: string, http: string, grpc: readonly Uint8Array[]])[] = [
  ["before the reply", "", []],
  ["inside the headers", "HTTP/1.1 200 OK\r\nContent-Le", [cutHeaders]],
  ["after the headers", replyOf().slice(0, -emptyResult.length), [replyHeaders(1)]],
  ["inside the body", replyOf().slice(0, -5), [replyHeaders(1), message(1).subarray(0, 12)]],
  ["just before the end", unfinished, [replyHeaders(1), message(1)]],
];

const brokenReplies = places.flatMap(([where, http, grpc]): Twin[] => [
  { title: `closed ${where}`, start: begins(closes, http, grpc), ...lost },
  { title: `reset ${where}`, start: begins(resets, http, grpc), ...lost },
  { title: `silent ${where}`, start: begins(stays, http, grpc), ...late, options: short },
]);

const greetsAndStops = (socket: Socket) => socket.write(settings());
const halfOpen =
  (onSocket: (socket: Socket) => void): StartFaulty =>
  () =>
    listen(createServer({ allowHalfOpen: true }, onSocket));

const noReplies: readonly Twin[] = [
  {
    title: "half closed after the request, and silent",
    start: {
      http: halfOpen((socket) => socket.once("data", () => socket.end())),
      grpc: halfOpen((socket) => {
        greetsAndStops(socket);
        socket.once("data", () => setTimeout(() => socket.end(), 50));
      }),
    },
    ...lost,
  },
  {
    title: "the client closed during the call",
    start: begins(stays, "", []),
    ...closedUnderCall,
    closeAfterMs: 50,
  },
  {
    title: "60 calls without a reply",
    start: begins(stays, "", []),
    publish: Array.from({ length: 60 }, () => late.publish),
    options: short,
  },
  {
    title: "a slow reply in time",
    start: {
      http: ofRequests(({ socket }) => setTimeout(() => socket.write(replyOf()), 80)),
      grpc: ofStreams((stream) => setTimeout(() => sendGrpc(stream, { body: goodBody }), 80)),
    },
    ...succeeds,
  },
  {
    title: "attemptTimeoutMs with a silent server",
    start: begins(stays, "", []),
    publish: late.publish,
    info: { ...late.info, attempts: 3 },
    options: { retry: { attemptTimeoutMs: 60, baseDelayMs: 5 } },
    mostMs: 400,
  },
];

const silent = ofSockets((socket) => socket.resume());
const silentAfterSettings = ofSockets((socket) => greetsAndStops(socket.resume()));

export const sockets = [
  ...overBoth([...brokenReplies, ...noReplies]),
  ...over("http", [
    {
      title: "reset just after accept",
      start: ofSockets((socket) => setTimeout(resets, 5, socket)),
      ...lost,
    },
    { title: "closed on accept", start: ofSockets(closes), ...lost },
    { title: "never read", start: ofSockets((socket) => socket.pause()), ...late, options: short },
    { title: "silent on accept", start: silent, ...late, options: short },
  ]),
  ...over("grpc", [
    { title: "reset on accept", start: ofSockets(resets), ...unprocessed },
    { title: "closed on accept", start: ofSockets(closes), ...unprocessed },
    { title: "never read", start: ofSockets((socket) => socket.pause()), ...lateUnsent, options: short },
    { title: "silent on accept", start: silent, ...lateUnsent, options: short },
    {
      title: "silent on accept, with connectTimeoutMs",
      start: silent,
      ...unprocessed,
      options: { connectTimeoutMs: 60 },
    },
    { title: "silent after SETTINGS", start: silentAfterSettings, ...late, options: short },
    {
      title: "silent after SETTINGS, without an answer to PING",
      start: silentAfterSettings,
      ...lost,
      options: { grpc: { pingIntervalMs: 50, pingTimeoutMs: 50 } },
    },
    {
      title: "the client closed during the connection attempt",
      start: silent,
      publish: { ...closedUnderCall.publish, maybeExecuted: false },
      info: { ...closedUnderCall.info, maybeExecuted: false },
      closeAfterMs: 50,
    },
  ]),
];
