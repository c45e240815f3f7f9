import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { failedStatus, lost, succeeds, unreadable } from "../rules.ts";
import { data, flag, frame, ping, words } from "../wire/frames.ts";
import { emptyResult, goodReply, headersOnly, message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { answers } from "./answers.ts";

const list: readonly Fault[] = [
  { title: "DATA before headers", start: answers((id) => [message(id), trailers(id)]), ...lost },
  {
    title: "DATA on a stream that was never opened",
    start: answers((id) => [message(7), goodReply(id)]),
    ...lost,
  },
  { title: "DATA on stream 0", start: answers(() => [data(0, emptyResult)]), ...lost },
  {
    title: "DATA after the end of the stream",
    start: answers((id) => [goodReply(id), message(id)]),
    ...succeeds,
  },
  {
    title: "a frame of 16 MiB",
    start: answers((id) => [frame(0, 0, id, emptyResult, 2 ** 24 - 1)]),
    ...lost,
  },
  {
    title: "frames of unknown types around the reply",
    start: answers((id) => [frame(0xfb, 255, id, emptyResult), goodReply(id), frame(0xfc, 0, 0)]),
    ...succeeds,
  },
  {
    title: "PRIORITY, ALTSVC and ORIGIN around the reply",
    start: answers((id) => [
      frame(2, 0, id, Buffer.alloc(5)),
      frame(10, 0, 0, Buffer.from("\0\x01aB", "latin1")),
      frame(12, 0, 0),
      goodReply(id),
    ]),
    ...succeeds,
  },
  { title: "PING of 7 bytes", start: answers(() => [frame(6, 0, 0, Buffer.alloc(7))]), ...lost },
  { title: "PING on a stream", start: answers((id) => [frame(6, 0, id, Buffer.alloc(8))]), ...lost },
  {
    title: "an answer to a PING that was not sent",
    start: answers((id) => [ping(flag.ack), goodReply(id)]),
    ...lost,
  },
  {
    title: "SETTINGS with an acknowledgement and a payload",
    start: answers(() => [frame(4, 1, 0, Buffer.alloc(6))]),
    ...lost,
  },
  { title: "SETTINGS acknowledged twice", start: answers((id) => [frame(4, 1, 0), goodReply(id)]), ...lost },
  {
    title: "WINDOW_UPDATE of 0 for the stream",
    start: answers((id) => [frame(8, 0, id, words(0))]),
    ...lost,
  },
  {
    title: "WINDOW_UPDATE of 0 for the connection",
    start: answers(() => [frame(8, 0, 0, words(0))]),
    ...lost,
  },
  {
    title: "WINDOW_UPDATE beyond 2 GiB",
    start: answers(() => [frame(8, 0, 0, words(2 ** 31 - 1))]),
    ...lost,
  },
  {
    title: "DATA padded by 255 bytes",
    start: answers((id) => [
      replyHeaders(id),
      data(
        1,
        Buffer.concat([Buffer.from([255, 0, 0, 0, 0, 2]), emptyResult, Buffer.alloc(255)]),
        flag.padded,
      ),
      trailers(id),
    ]),
    ...succeeds,
  },
  {
    title: "an HTTP/1.1 reply between frames",
    start: answers(() => [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")]),
    ...lost,
    options: { timeoutMs: 300 },
  },
  {
    title: "only trailers, without a status",
    start: answers((id) => [headersOnly(id, {})]),
    ...failedStatus,
  },
  {
    title: "the end of the stream without trailers",
    start: answers((id) => [replyHeaders(id), data(id, emptyResult, flag.endStream)]),
    ...failedStatus,
  },
  {
    title: "a frame of gRPC in pieces of one byte",
    start: answers((id) => [
      replyHeaders(id),
      ...[0, 0, 0, 0, 2, ...emptyResult].map((byte) => data(id, Buffer.from([byte]))),
      trailers(id),
    ]),
    ...succeeds,
  },
  {
    title: "status 0 without a message",
    start: answers((id) => [replyHeaders(id), trailers(id)]),
    ...unreadable,
  },
];

export const frames = over("grpc", list);
