import type { StartFaulty } from "../fault.ts";
import type { FramedRequest } from "../wire/frame-server.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { goodReply } from "../wire/grpc-reply.ts";

/** Writes frames for each stream, and keeps the connection open. */
export function answers(framesOf: (stream: number) => readonly Uint8Array[]): StartFaulty {
  return ofFrames(({ write, stream }) => write(...framesOf(stream)));
}

/** Writes frames that break the connection, so each connection has only stream 1. */
export function writes(...frames: readonly Uint8Array[]): StartFaulty {
  return ofFrames(({ write }) => write(...frames));
}

/** Writes frames for each request, and closes the connection. */
export function last(...frames: readonly Uint8Array[]): StartFaulty {
  return ofFrames(({ socket }) => socket.end(Buffer.concat(frames)));
}

/** Misbehaves on the first connection. Later connections give valid replies. */
export function once(onRequest: (request: FramedRequest) => void, greeting?: Uint8Array): StartFaulty {
  return ofFrames((request) => {
    if (request.connection === 1) onRequest(request);
    else request.write(goodReply(request.stream));
  }, greeting);
}
