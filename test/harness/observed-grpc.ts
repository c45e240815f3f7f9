import type { ServerHttp2Session, ServerHttp2Stream, Settings } from "node:http2";
import { createServer } from "node:http2";
import type { ListeningServer } from "./listening-server.ts";
import { listen } from "./listening-server.ts";
import { grpcFrame, sendGrpc } from "./misbehaving-server.ts";

/** A gRPC server that records its sessions, their pings and their streams. */
export interface ObservedGrpc extends ListeningServer {
  readonly sessions: ServerHttp2Session[];
  /** The number of the session for each ping that came, from 0. */
  readonly pings: number[];
  readonly streams: ServerHttp2Stream[];
  /** The most streams that were open at the same time. */
  readonly peak: () => number;
  /** Called for each stream, to answer it. */
  answer: (stream: ServerHttp2Stream, index: number) => void;
}

/** Answers a stream with an empty result. */
export function succeed(stream: ServerHttp2Stream): void {
  if (!stream.destroyed) sendGrpc(stream, { body: grpcFrame(new Uint8Array([18, 0])) });
}

/** Leaves a stream without an answer. */
export function hang(): void {
  // The stream gets no answer.
}

const ignore = () => {
  // Tests break sessions and streams on purpose.
};

/** Starts a server that answers each stream with an empty result until a test replaces `answer`. */
export async function observedGrpc(settings: Settings = {}): Promise<ObservedGrpc> {
  const http2 = createServer({ settings });
  const [sessions, pings, streams]: [ServerHttp2Session[], number[], ServerHttp2Stream[]] = [[], [], []];
  let [open, peak] = [0, 0];
  http2.on("session", (session) => {
    const number = sessions.push(session) - 1;
    session.on("ping", () => pings.push(number));
    session.on("error", ignore);
  });
  http2.on("stream", (stream) => {
    const index = streams.push(stream) - 1;
    peak = Math.max(peak, ++open);
    stream.on("error", ignore);
    stream.on("close", () => open--);
    stream.resume();
    server.answer(stream, index);
  });
  const listening = await listen(http2);
  const server: ObservedGrpc = { ...listening, sessions, pings, streams, peak: () => peak, answer: succeed };
  return server;
}

type Emitter = Pick<NodeJS.EventEmitter, "listeners" | "removeAllListeners" | "on">;

/** Makes a server handle its connections only after a promise. The system accepts them meanwhile. */
export function holdConnections(server: Emitter, hold: Promise<void>): void {
  const begin = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", async (socket) => {
    await hold;
    for (const listener of begin) Reflect.apply(listener, server, [socket]);
  });
}

/** Waits for more turns of the event loop than a few round trips on loopback take, on a slow machine, too. */
export async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

/** Waits as long as an event may take on a busy machine, in a test that shows its absence. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
