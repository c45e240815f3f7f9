import type { Socket } from "node:net";
import { createServer } from "node:net";
import { listen } from "../../harness/listening-server.ts";
import type { FaultyServer, StartFaulty } from "../fault.ts";
import { flag, frame, frameType, ping, settings } from "./frames.ts";

/** A request that is complete. */
export interface FramedRequest {
  readonly socket: Socket;
  readonly stream: number;
  /** The number of the connection, from 1. */
  readonly connection: number;
  write(...frames: readonly Uint8Array[]): void;
}

const prefaceLength = 24;

/**
 * A server of HTTP/2 frames. It greets, acknowledges settings and pings, and leaves the rest to the fault.
 *
 * @param greeting empty for none
 */
export function ofFrames(
  onRequest: (request: FramedRequest) => void,
  greeting: Uint8Array = settings(),
): StartFaulty {
  return async (): Promise<FaultyServer> => {
    let connections = 0;
    let requests = 0;
    const server = createServer((socket) => {
      const connection = ++connections;
      const write = (...frames: readonly Uint8Array[]) => {
        if (socket.writable) socket.write(Buffer.concat(frames));
      };
      if (greeting.length > 0) write(greeting);
      readFrames(socket, (type, flags, stream) => {
        if (type === frameType.settings && flags === 0) write(frame(frameType.settings, flag.ack, 0));
        if (type === frameType.ping && flags === 0) write(ping(flag.ack));
        if (type > frameType.headers || (flags & flag.endStream) === 0) return;
        requests++;
        onRequest({ socket, stream, connection, write });
      });
    });
    return { ...(await listen(server)), requests: () => requests };
  };
}

function readFrames(socket: Socket, onFrame: (type: number, flags: number, stream: number) => void): void {
  let received = Buffer.alloc(0);
  let isGreeted = false;
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    let at = isGreeted ? 0 : prefaceLength;
    if (received.length < at) return;
    isGreeted = true;
    while (received.length >= at + 9) {
      const length = received.readUIntBE(at, 3);
      if (received.length < at + 9 + length) break;
      const [type = 0, flags = 0] = received.subarray(at + 3, at + 5);
      const stream = received.readUInt32BE(at + 5);
      at += 9 + length;
      onFrame(type, flags, stream);
    }
    received = received.subarray(at);
  });
}

/** Writes the same bytes over and over, as fast as the other end takes them, until the connection is closed. */
export function flood(socket: Socket, piece: Uint8Array): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** The same bytes many times, in one piece. */
export function times(count: number, bytes: Uint8Array): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}
