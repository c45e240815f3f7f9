import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { lost, succeeds, unreadable } from "../rules.ts";
import { emptyResult, ofLastBytes, ofReplyBytes, replyOf } from "../wire/request-server.ts";

const chunked = "Transfer-Encoding: chunked";
const chunk = `d\r\n${emptyResult}\r\n`;

function ofChunks(body: string, headers: readonly string[] = []) {
  return ofLastBytes(replyOf([chunked, ...headers], body));
}

const chunks: readonly Fault[] = [
  {
    title: "chunked: valid",
    start: ofReplyBytes(replyOf([chunked], `${chunk}0\r\n\r\n`)),
    ...succeeds,
  },
  { title: "chunked: a size of letters", start: ofChunks(`xyz\r\n${emptyResult}\r\n0\r\n\r\n`), ...lost },
  { title: "chunked: a size below zero", start: ofChunks(`-d\r\n${emptyResult}\r\n0\r\n\r\n`), ...lost },
  { title: "chunked: a size of 2^64", start: ofChunks(`fffffffffffffffff\r\n${emptyResult}\r\n`), ...lost },
  { title: "chunked: a size with 0x", start: ofChunks(`0xd\r\n${emptyResult}\r\n0\r\n\r\n`), ...lost },
  {
    title: "chunked: a size that is too small",
    start: ofChunks(`5\r\n${emptyResult}\r\n0\r\n\r\n`),
    ...lost,
  },
  {
    title: "chunked: a size that is too large",
    start: ofChunks(`ff\r\n${emptyResult}\r\n0\r\n\r\n`),
    ...lost,
  },
  { title: "chunked: cut within a size", start: ofChunks("d"), ...lost },
  { title: "chunked: cut before the last chunk", start: ofChunks(chunk), ...lost },
  { title: "chunked: cut within the last chunk", start: ofChunks(`${chunk}0\r\n`), ...lost },
  { title: "chunked: only the last chunk", start: ofChunks("0\r\n\r\n"), ...unreadable },
  { title: "chunked: trailers", start: ofChunks(`${chunk}0\r\nX-Sum: 1\r\n\r\n`), ...succeeds },
  { title: "chunked: invalid trailers", start: ofChunks(`${chunk}0\r\n\0\0\r\n\r\n`), ...lost },
  {
    title: "chunked, and a Content-Length",
    start: ofChunks(`${chunk}0\r\n\r\n`, ["Content-Length: 3"]),
    ...lost,
  },
  {
    title: "chunked twice",
    start: ofLastBytes(replyOf([chunked, chunked], `${chunk}0\r\n\r\n`)),
    ...succeeds,
  },
];

const lengths: readonly Fault[] = [
  {
    title: "Content-Length too large, then closed",
    start: ofLastBytes(replyOf(["Content-Length: 99"])),
    ...lost,
  },
  { title: "Content-Length too small", start: ofLastBytes(replyOf(["Content-Length: 5"])), ...unreadable },
  { title: "Content-Length below zero", start: ofLastBytes(replyOf(["Content-Length: -1"])), ...lost },
  { title: "Content-Length of letters", start: ofLastBytes(replyOf(["Content-Length: many"])), ...lost },
  {
    title: "Content-Length of 2^64",
    start: ofLastBytes(replyOf(["Content-Length: 18446744073709551616"])),
    ...lost,
  },
  {
    title: "Content-Length twice, with two values",
    start: ofLastBytes(replyOf(["Content-Length: 13", "Content-Length: 5"])),
    ...lost,
  },
  {
    title: "Content-Length of 0 before a body",
    start: ofLastBytes(replyOf(["Content-Length: 0"])),
    ...unreadable,
  },
  {
    title: "no length, then closed",
    start: ofLastBytes(`HTTP/1.1 200 OK\r\n\r\n${emptyResult}`),
    ...succeeds,
  },
];

export const httpLengths = over("http", [...chunks, ...lengths]);
