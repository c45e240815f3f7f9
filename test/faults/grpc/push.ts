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

// The client forbids pushes, so a push is a protocol error that ends the connection.
const list: readonly Fault[] = [
  { title: "PUSH_PROMISE instead of an answer", start: writes(pushPromise(1, 2)), ...lost },
  { title: "PUSH_PROMISE, then the answer", start: writes(pushPromise(1, 2), goodReply(1)), ...lost },
  { title: "a whole push, then the answer", start: writes(pushed, goodReply(1)), ...lost },
  {
    title: "PUSH_PROMISE after the headers",
    start: writes(replyHeaders(1), pushPromise(1, 2), message(1), trailers(1)),
    ...lost,
  },
  {
    title: "PUSH_PROMISE after the answer",
    start: writes(goodReply(1), pushPromise(1, 2)),
    ...succeeds,
  },
  { title: "a push after the answer, then closed", start: last(goodReply(1), pushed), ...succeeds },
  { title: "PUSH_PROMISE of a client's stream", start: writes(pushPromise(1, 3)), ...lost },
  { title: "PUSH_PROMISE on stream 0", start: writes(pushPromise(0, 2)), ...lost },
  {
    title: "a push without a promise",
    start: writes(headers(2, { ":status": "200" })),
    ...lost,
  },
  { title: "PUSH_PROMISE a thousand times", start: writes(many), ...lost },
  {
    title: "a call after a push that broke the connection",
    start: writes(goodReply(1), pushPromise(1, 2)),
    ...succeeds,
    warmUps: 1,
    restMs: 20,
  },
];

export const pushes = over("grpc", list);
