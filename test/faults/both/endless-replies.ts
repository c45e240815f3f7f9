import type { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { ofHttp, ofStreams } from "../../harness/misbehaving-server.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { overBoth } from "../fault.ts";
import { late, succeeds, unreadable } from "../rules.ts";
import { emptyResult } from "../wire/request-server.ts";

const megabyte = 2 ** 20;

/** Replies whose body a function writes, after a prefix that promises more over gRPC. */
function ofBody(
  write: (to: Writable, protocol: "http" | "grpc") => void,
  length = 2 ** 31,
): Record<"http" | "grpc", StartFaulty> {
  return {
    http: ofHttp((_request, response) => write(response, "http")),
    grpc: ofStreams((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(length, 1);
      stream.write(prefix);
      write(stream, "grpc");
    }),
  };
}

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

/** An empty result, and bytes in a field that the schema does not have. */
function withUnknown(size: number): Record<"http" | "grpc", StartFaulty> {
  const filler = Buffer.alloc(size, "x");
  const length = Buffer.alloc(4);
  for (let at = 0, rest = size; at < 4; at++, rest >>= 7) length[at] = (rest & 127) | (at < 3 ? 128 : 0);
  // Field 1000, of bytes.
  const head = Buffer.concat([Buffer.from([18, 0, 0xc2, 0x3e]), length]);
  return ofBody((to, protocol) => {
    if (protocol === "http") to.write(emptyResult.replace("{}}", '{},"later":"'));
    else to.write(head);
    to.write(filler);
    to.end(protocol === "http" ? '"}' : undefined);
  }, head.length + size);
}

/** Millions of small fields that the schema does not have. */
function withSmallUnknown(count: number): Record<"http" | "grpc", StartFaulty> {
  const fields = Buffer.alloc(count * 4, Buffer.from([0xc0, 0x3e, 0x81, 1]));
  const members = Buffer.from(`${emptyResult.slice(0, -1)}${',"x":1'.repeat(count)}}`);
  return ofBody((to, protocol) => {
    if (protocol === "grpc") to.write(Buffer.from([18, 0]));
    to.end(protocol === "http" ? members : fields);
  }, 2 + fields.length);
}

/** An empty result, and lists within lists, or groups within groups. */
function nested(depth: number): Record<"http" | "grpc", StartFaulty> {
  const json = `{"result":{},"later":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const open = Buffer.alloc(depth * 2, Buffer.from([0xc3, 0x3e]));
  const close = Buffer.alloc(depth * 2, Buffer.from([0xc4, 0x3e]));
  const message = Buffer.concat([Buffer.from([18, 0]), open, close]);
  return ofBody((to, protocol) => to.end(protocol === "http" ? json : message), message.length);
}

const roomy = { maxResponseBytes: 64 * megabyte, timeoutMs: 10_000 };
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
  {
    title: "50 MB in a field that nobody knows",
    start: withUnknown(50e6),
    publish: succeeds.publish,
    options: roomy,
    ...own,
    mostMs: 3_000,
  },
  {
    title: "25 MB in a field that nobody knows",
    start: withUnknown(25e6),
    publish: succeeds.publish,
    options: roomy,
    ...own,
    mostMs: 1_500,
  },
  {
    title: "50 MB in small fields that nobody knows",
    start: withSmallUnknown(8e6),
    publish: succeeds.publish,
    options: roomy,
    ...own,
    mostMs: 5_000,
  },
  { title: "lists or groups 90 deep, in a field that nobody knows", start: nested(90), ...succeeds },
  {
    title: "lists or groups a million deep, in a field that nobody knows",
    start: nested(1e6),
    publish: { error: [undefined as never, "CentDecodeError"], maybeExecuted: true, attempts: 1 },
    ...own,
  },
];

const zipped = gzipSync(Buffer.alloc(100 * megabyte));
const compressed: Twin = {
  title: "100 MB of nothing, compressed",
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
