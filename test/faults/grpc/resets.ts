import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { failedStatus, lost, succeeds, unprocessed } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { mostStreams, reset } from "../wire/frames.ts";
import { goodReply, headersOnly, message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { answers, once } from "./answers.ts";

/** The error codes of RFC 9113, in order of their numbers. */
const codes = [
  "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR",
  "REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED",
]
  .flatMap((names) => names.split(" "))
  .map((name, code) => ({ name, code }));
const unknown = { name: "an unknown code", code: 0xffff };
const refused = 7;

const before = [...codes, unknown].map(
  ({ name, code }): Fault => ({
    title: `RST_STREAM with ${name} before headers`,
    start: answers((id) => [reset(id, code)]),
    ...(code === refused ? unprocessed : lost),
  }),
);
const after = [...codes, unknown].map(
  ({ name, code }): Fault => ({
    title: `RST_STREAM with ${name} after headers`,
    start: answers((id) => [replyHeaders(id), reset(id, code)]),
    // NO_ERROR means that the reply is complete, and this one has no status.
    ...(code === 0 ? failedStatus : lost),
  }),
);

/** A server that refuses `count` streams over all connections, and answers later ones. */
function refuses(count: number) {
  return () => {
    let left = count;
    return ofFrames(({ write, stream }) => write(left-- > 0 ? reset(stream, refused) : goodReply(stream)))();
  };
}

const refusals = [1, 2, 3].map(
  (count): Fault => ({
    title: `REFUSED_STREAM ${count} times`,
    start: refuses(count),
    ...succeeds,
    // One attempt sends a refused request up to four times.
    options: { retry: { maxAttempts: 1 } },
    requests: count + 1,
  }),
);

const list: readonly Fault[] = [
  ...before,
  ...after,
  ...refusals,
  {
    title: "REFUSED_STREAM 4 times, with one attempt",
    start: refuses(4),
    publish: { ...unprocessed.publish, attempts: 1 },
    info: { ...unprocessed.info, attempts: 1 },
    options: { retry: false },
    requests: 4,
  },
  { title: "REFUSED_STREAM 11 times, within three attempts", start: refuses(11), ...succeeds, requests: 12 },
  {
    title: "REFUSED_STREAM always",
    start: refuses(Number.POSITIVE_INFINITY),
    ...unprocessed,
    requests: 12,
  },
  {
    title: "REFUSED_STREAM for all streams of one connection",
    start: once(({ write, stream }) => write(reset(stream, refused)), mostStreams(100)),
    publish: Array.from({ length: 20 }, () => ({})),
  },
  {
    title: "REFUSED_STREAM for all streams of two connections",
    start: ofFrames(({ connection, write, stream }) =>
      write(connection < 3 ? reset(stream, refused) : goodReply(stream)),
    ),
    ...succeeds,
  },
  {
    title: "RST_STREAM with CANCEL after the message, before the status",
    start: answers((id) => [replyHeaders(id), message(id), reset(id, 8)]),
    ...lost,
  },
  {
    title: "RST_STREAM with CANCEL after the status",
    start: answers((id) => [replyHeaders(id), message(id), trailers(id), reset(id, 8)]),
    ...succeeds,
  },
  {
    title: "RST_STREAM with REFUSED_STREAM after a headers-only status",
    start: answers((id) => [headersOnly(id, { "grpc-status": "2" }), reset(id, refused)]),
    ...failedStatus,
  },
  { title: "RST_STREAM twice", start: answers((id) => [reset(id, 8), reset(id, 8)]), ...lost },
  {
    title: "RST_STREAM of a stream that is not open",
    start: answers((id) => [reset(9, 8), goodReply(id)]),
    ...lost,
  },
  { title: "RST_STREAM of stream 0", start: answers((id) => [reset(0, 8), goodReply(id)]), ...lost },
];

export const resets = over("grpc", list);
