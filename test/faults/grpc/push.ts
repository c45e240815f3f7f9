import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { lost, succeeds } from "../rules.ts";
import { data, flag, headers, pushPromise } from "../wire/frames.ts";
import { goodReply, message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { last, writes } from "./answers.ts";

const pushed = Buffer.concat([
  pushPromise(1, 2),
  headers(2, { ":status": "200" }),
  data(2, Buffer.from("pushed"), flag.endStream),
]);
const many = Buffer.concat(Array.from({ length: 1_000 }, (_, index) => pushPromise(1, 2 * index + 2)));

// The client says that it takes no pushes, so one breaks the protocol, and with it the connection.
const list: readonly Fault[] = [
  { title: "a promise of a push instead of an answer", start: writes(pushPromise(1, 2)), ...lost },
  { title: "a promise of a push, then the answer", start: writes(pushPromise(1, 2), goodReply(1)), ...lost },
  { title: "a whole push, then the answer", start: writes(pushed, goodReply(1)), ...lost },
  {
    title: "a promise of a push after the headers",
    start: writes(replyHeaders(1), pushPromise(1, 2), message(1), trailers(1)),
    ...lost,
  },
  {
    title: "a promise of a push behind the answer",
    start: writes(goodReply(1), pushPromise(1, 2)),
    ...succeeds,
  },
  { title: "a push behind the answer, and the end", start: last(goodReply(1), pushed), ...succeeds },
  { title: "a push of a stream of the client's", start: writes(pushPromise(1, 3)), ...lost },
  { title: "a push on stream 0", start: writes(pushPromise(0, 2)), ...lost },
  {
    title: "a push of a stream that nobody promised",
    start: writes(headers(2, { ":status": "200" })),
    ...lost,
  },
  { title: "a thousand promises of pushes", start: writes(many), ...lost },
  {
    title: "a call after a push that broke the connection",
    start: writes(goodReply(1), pushPromise(1, 2)),
    ...succeeds,
    warmUps: 1,
    restMs: 20,
  },
];

export const pushes = over("grpc", list);
