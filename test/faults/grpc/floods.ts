import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { floods } from "../rules.ts";
import { flood, ofFrames, times } from "../wire/frame-server.ts";
import {
  continuation,
  data,
  fieldBlock,
  flag,
  frame,
  goaway,
  headers,
  ping,
  pushPromise,
  reset,
  settings,
  words,
} from "../wire/frames.ts";
import { replyHeaders } from "../wire/grpc-reply.ts";

const options = { timeoutMs: 1_500, grpc: { pingTimeoutMs: 500 } };

/** Repeats frames until the connection is closed. */
function endless(title: string, piece: Uint8Array, first: Uint8Array = Buffer.alloc(0)): Fault {
  const start = ofFrames(({ socket, write }) => {
    write(first);
    flood(socket, times(Math.ceil(65_536 / piece.length), piece));
  });
  return { title: `${title} without end`, start, ...floods, options, isFlood: true };
}

const long = "x".repeat(8_000);
/** HPACK's table gets the field, and each byte repeats it: a small block becomes a large one. */
const bomb = Buffer.concat([
  Buffer.from([0x40]),
  fieldBlock({ bomb: "x".repeat(3_900) }).subarray(1),
  Buffer.alloc(12_000, 0xbe),
]);

const list: readonly Fault[] = [
  endless("SETTINGS", settings([3, 100])),
  endless("empty SETTINGS", settings()),
  endless("answers to SETTINGS", frame(4, 1, 0)),
  endless("PING", ping()),
  endless("empty DATA", data(1, Buffer.alloc(0)), replyHeaders(1)),
  endless(
    "DATA with only padding",
    data(1, Buffer.concat([Buffer.from([255]), Buffer.alloc(255)]), flag.padded),
    replyHeaders(1),
  ),
  endless("empty DATA of a closed stream", data(1, Buffer.alloc(0)), reset(1, 8)),
  {
    ...endless("informational headers", headers(1, { ":status": "103", link: "</a>" })),
  },
  {
    ...endless("large informational headers", headers(1, { ":status": "103", link: long })),
  },
  endless("CONTINUATION", continuation(1, { a: "b" }), headers(1, { ":status": "200" }, 0)),
  endless("empty CONTINUATION", frame(9, 0, 1), headers(1, { ":status": "200" }, 0)),
  endless("large CONTINUATION", continuation(1, { a: long }), headers(1, { ":status": "200" }, 0)),
  endless("trailers", headers(1, { a: long }), replyHeaders(1)),
  endless("PRIORITY", frame(2, 0, 1, Buffer.alloc(5))),
  endless("RST_STREAM", reset(1, 8)),
  endless("WINDOW_UPDATE", frame(8, 0, 1, words(1))),
  endless("GOAWAY", goaway(1)),
  endless("GOAWAY with debug data", goaway(1, 0, "x".repeat(16_000))),
  endless("unknown frames", frame(0xfb, 0, 1, Buffer.alloc(1_000))),
  endless("ALTSVC", frame(10, 0, 0, Buffer.from(`\0\x09http://ab${long}`, "latin1"))),
  endless("ORIGIN", frame(12, 0, 0, Buffer.from(`\0\x09http://ab`, "latin1"))),
  endless("PUSH_PROMISE", pushPromise(1, 2)),
  {
    title: "headers that HPACK expands to 46 MB",
    start: ofFrames(({ write }) => write(frame(1, flag.endHeaders, 1, bomb))),
    ...floods,
    options,
    isFlood: true,
  },
];

export const grpcFloods = over("grpc", list);
