import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { lost, succeeds } from "../rules.ts";
import { continuation, flag, frame, headers, ping } from "../wire/frames.ts";
import { message, replyHeaders, trailers } from "../wire/grpc-reply.ts";
import { answers } from "./answers.ts";

const list: readonly Fault[] = [
  { title: "HEADERS on stream 0", start: answers(() => [replyHeaders(0)]), ...lost },
  { title: "HEADERS on a stream of the server", start: answers(() => [replyHeaders(2)]), ...lost },
  {
    title: "HEADERS that are not HPACK",
    start: answers((id) => [frame(1, 4, id, Buffer.alloc(40, 0xff))]),
    ...lost,
  },
  {
    title: "HEADERS without a status",
    start: answers((id) => [headers(id, { "content-type": "application/grpc" })]),
    ...lost,
  },
  {
    title: "HEADERS with two statuses",
    start: answers((id) => [frame(1, 4, id, Buffer.from([0x88, 0x88]))]),
    ...lost,
  },
  {
    title: "HEADERS with a status of letters",
    start: answers((id) => [headers(id, { ":status": "abc" })]),
    ...lost,
  },
  {
    title: "HEADERS with a name in capitals",
    start: answers((id) => [replyHeaders(id, { "X-Upper": "1" }), message(id), trailers(id)]),
    ...lost,
  },
  {
    title: "HEADERS with a line break in a value, which nghttp2 leaves out",
    start: answers((id) => [replyHeaders(id, { x: "a\r\nb" }), message(id), trailers(id)]),
    ...succeeds,
  },
  {
    title: "HEADERS with padding longer than the frame",
    start: answers((id) => [frame(1, 4 | 8, id, Buffer.from([200, 0x88]))]),
    ...lost,
  },
  {
    title: "HEADERS with Connection, which HTTP/2 forbids",
    start: answers((id) => [replyHeaders(id, { connection: "close" })]),
    ...lost,
  },
  {
    title: "HEADERS twice, without the end of the stream",
    start: answers((id) => [replyHeaders(id), message(id), headers(id, { "grpc-status": "0" })]),
    ...lost,
  },
  {
    title: "trailers with an HTTP status",
    start: answers((id) => [replyHeaders(id), message(id), trailers(id, { ":status": "200" })]),
    ...lost,
  },
  {
    title: "CONTINUATION without HEADERS",
    start: answers((id) => [continuation(id, { a: "b" }, 4)]),
    ...lost,
  },
  {
    title: "CONTINUATION of another stream",
    start: answers((id) => [replyHeaders(id), frame(1, 0, id), continuation(3, {}, 4)]),
    ...lost,
  },
  {
    title: "another frame between HEADERS and CONTINUATION",
    start: answers((id) => [headers(id, { ":status": "200" }, 0), ping(), continuation(id, {}, 4)]),
    ...lost,
  },
  {
    title: "HEADERS in three pieces",
    start: answers((id) => [
      headers(id, { ":status": "200" }, 0),
      continuation(id, { "content-type": "application/grpc" }),
      continuation(id, { a: "b" }, flag.endHeaders),
      message(id),
      trailers(id),
    ]),
    ...succeeds,
  },
];

export const headerFrames = over("grpc", list);
