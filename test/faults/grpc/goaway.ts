import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { lost, lostOnce, succeeds, unprocessed } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { frame, frameType, goaway, mostStreams, settings, words } from "../wire/frames.ts";
import { goodReply, message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { last, once, writes } from "./answers.ts";

const most = 2 ** 31 - 1;
const internalError = 2;
const enhanceYourCalm = 11;

const list: readonly Fault[] = [
  {
    title: "GOAWAY in the greeting, each time",
    start: ofFrames(() => {}, Buffer.concat([settings(), goaway(0)])),
    ...unprocessed,
  },
  { title: "GOAWAY instead of a greeting", start: ofFrames(() => {}, goaway(0)), ...unprocessed },
  {
    title: "GOAWAY below the stream, then closed, each time",
    start: last(goaway(0)),
    ...unprocessed,
    requests: 12,
  },
  {
    title: "GOAWAY below the stream, once",
    start: once(({ write }) => write(goaway(0))),
    ...succeeds,
    requests: 2,
  },
  {
    title: "GOAWAY below the stream, then its answer",
    start: writes(goaway(0), goodReply(1)),
    ...unprocessed,
  },
  {
    title: "GOAWAY that permits the stream, then its answer",
    start: writes(goaway(1), goodReply(1)),
    ...succeeds,
  },
  { title: "GOAWAY of a shutdown, then the answer", start: last(goaway(most), goodReply(1)), ...succeeds },
  {
    title: "GOAWAY inside the answer",
    start: last(replyHeaders(1), goaway(1), message(1), trailers(1)),
    ...succeeds,
  },
  { title: "GOAWAY after the answer", start: last(goodReply(1), goaway(1)), ...succeeds },
  {
    title: "GOAWAY between two calls",
    start: once(({ write, stream }) => write(goodReply(stream), goaway(stream))),
    ...succeeds,
    warmUps: 1,
    restMs: 30,
    requests: 2,
  },
  {
    title: "GOAWAY that permits the stream, then closed without an answer",
    start: last(goaway(1)),
    ...lost,
  },
  {
    title: "GOAWAY that permits later streams, then closed without an answer",
    start: last(goaway(most)),
    ...lost,
  },
  {
    title: "GOAWAY with an error, permitting the stream",
    start: once(({ write }) => write(goaway(1, internalError))),
    ...lostOnce,
  },
  {
    title: "GOAWAY with an error, below the stream, each time",
    start: writes(goaway(0, internalError)),
    ...unprocessed,
    requests: 12,
  },
  {
    title: "GOAWAY with ENHANCE_YOUR_CALM, too_many_pings",
    start: once(({ write }) => write(goaway(0, enhanceYourCalm, "too_many_pings"))),
    ...succeeds,
  },
  {
    title: "GOAWAY with an unknown error and 16 KB of debug data",
    start: writes(goaway(1, 0xdeadbeef, "x".repeat(16_000))),
    ...lost,
  },
  {
    title: "GOAWAY twice, first of a shutdown, then below the stream",
    start: once(({ write }) => write(goaway(most), goaway(0))),
    ...succeeds,
    requests: 2,
  },
  {
    title: "GOAWAY twice, first of a shutdown, then permitting the stream, and its answer",
    start: writes(goaway(most), goaway(1), goodReply(1)),
    ...succeeds,
  },
  {
    title: "GOAWAY twice, the second permitting more than the first",
    start: once(({ write }) => write(goaway(0), goaway(1))),
    ...succeeds,
  },
  {
    title: "GOAWAY with waiting calls, which another connection takes",
    start: once(({ socket, stream, write }) => {
      write(goaway(stream), goodReply(stream));
      socket.end();
    }, mostStreams(1)),
    publish: [{}, {}, {}, {}],
  },
  {
    title: "GOAWAY without an answer, with waiting calls",
    start: once(({ socket, stream, write }) => {
      write(goaway(stream));
      socket.end();
    }, mostStreams(1)),
    publish: [lost.publish, {}, {}],
    info: [{}, {}, {}],
  },
  {
    title: "a GOAWAY that is too short",
    start: writes(frame(frameType.goaway, 0, 0, words(1))),
    ...lost,
  },
  { title: "GOAWAY on a stream", start: writes(frame(frameType.goaway, 0, 1, words(1, 0))), ...lost },
];

export const goaways = over("grpc", list);
