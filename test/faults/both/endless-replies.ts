import type { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { ofHttp, ofStreams } from "../../harness/misbehaving-server.ts";
import type { Twin } from "../fault.ts";
import { overBoth } from "../fault.ts";
import { late, unreadable } from "../rules.ts";
import { ofBody } from "../wire/body-server.ts";

const megabyte = 2 ** 20;

function endlessly(to: Writable, piece: Buffer): void {
  const more = () => {
    while (to.writable && to.write(piece));
  };
  to.on("drain", more);
  more();
}

function drip(to: Writable, everyMs: number): void {
  const timer = setInterval(() => to.write(" "), everyMs);
  to.on("close", () => clearInterval(timer));
}

const own = { isFlood: true };

const list: readonly Twin[] = [
  {
    title: "a body without end, fast",
    start: ofBody((to) => endlessly(to, Buffer.alloc(65_536, "x"))),
    publish: unreadable.publish,
    ...own,
    mostMs: 2_000,
  },
  {
    title: "a body without end, fast, with a limit of 1 MB",
    start: ofBody((to) => endlessly(to, Buffer.alloc(65_536, "x"))),
    ...unreadable,
    options: { maxResponseBytes: megabyte },
  },
  {
    title: "a body without end, a byte every 10 ms",
    start: ofBody((to) => drip(to, 10)),
    ...late,
    options: { timeoutMs: 300 },
  },
  {
    title: "a body without end, a byte every second",
    start: ofBody((to) => drip(to, 1_000)),
    ...late,
    options: { timeoutMs: 10_000 },
    isSlow: true,
  },
  {
    title: "a body without end, in pieces of a byte",
    start: ofBody((to) => endlessly(to, Buffer.from("x"))),
    publish: { ...late.publish, error: ["CentTimeoutError", "CentDecodeError"] },
    options: { timeoutMs: 2_000 },
    ...own,
  },
];

const zipped = gzipSync(Buffer.alloc(100 * megabyte));
const compressed: Twin = {
  title: "100 MB of zeros, compressed",
  start: {
    http: ofHttp((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(zipped)),
    grpc: ofStreams((stream) => {
      const head = { ":status": 200, "content-type": "application/grpc", "grpc-encoding": "gzip" };
      stream.respond(head, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const prefix = Buffer.alloc(5, 1);
      prefix.writeUInt32BE(zipped.length, 1);
      stream.end(Buffer.concat([prefix, zipped]));
    }),
  },
  publish: unreadable.publish,
  ...own,
};

export const endlessReplies = overBoth([...list, compressed]);
