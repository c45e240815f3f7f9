import { gzipSync } from "node:zlib";
import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { apiError, internalError, succeeds, unreadable } from "../rules.ts";
import { onceWarm } from "../wire/once-warm.ts";
import { emptyResult, ofReplyBytes, ofRequests, replyOf } from "../wire/request-server.ts";

/** The body of a forged second reply, which the next call must not accept. */
const forged = '{"result":{"offset":666,"nodes":[{"uid":"forged"}]}}';

const smuggled: readonly Fault[] = [
  {
    title: "a second reply with the first, then another call",
    start: ofRequests(({ socket, connection, request }) =>
      socket.write(connection === 1 && request === 1 ? replyOf() + replyOf([], forged) : replyOf()),
    ),
    ...succeeds,
    warmUps: 1,
    restMs: 20,
  },
  {
    title: "a second reply a moment after the first, then another call",
    start: onceWarm((socket) => socket.write(replyOf([], forged))).http,
    ...succeeds,
    warmUps: 1,
    restMs: 40,
  },
];

const bodies: readonly Fault[] = [
  { title: "no body", start: ofReplyBytes(replyOf([], "")), ...unreadable },
  { title: "HTTP 204", start: ofReplyBytes("HTTP/1.1 204 No Content\r\n\r\n"), ...unreadable },
  {
    title: "HTTP 206 with a whole body",
    start: ofReplyBytes(replyOf([], emptyResult, "206 Partial")),
    ...succeeds,
  },
  { title: "a page of HTML", start: ofReplyBytes(replyOf([], "<html></html>")), ...unreadable },
  { title: "JSON that is cut short", start: ofReplyBytes(replyOf([], '{"result":{')), ...unreadable },
  { title: "JSON twice", start: ofReplyBytes(replyOf([], emptyResult + emptyResult)), ...unreadable },
  { title: "a number", start: ofReplyBytes(replyOf([], "1")), ...unreadable },
  { title: "null", start: ofReplyBytes(replyOf([], "null")), ...unreadable },
  { title: "neither result nor error", start: ofReplyBytes(replyOf([], "{}")), ...unreadable },
  {
    title: "bytes of UTF-16",
    start: ofReplyBytes(
      Buffer.concat([Buffer.from(replyOf(["Content-Length: 26"], "")), Buffer.from(emptyResult, "utf16le")]),
    ),
    ...unreadable,
  },
  {
    title: "error 100",
    start: ofReplyBytes(replyOf([], '{"error":{"code":100,"message":"internal"}}')),
    ...internalError,
  },
  {
    title: "error 102",
    start: ofReplyBytes(replyOf([], '{"error":{"code":102,"message":"unknown"}}')),
    ...apiError,
  },
  {
    title: "error 9999",
    start: ofReplyBytes(replyOf([], '{"error":{"code":9999,"message":"new"}}')),
    ...apiError,
  },
  {
    title: "error 100 with HTTP 500",
    start: ofReplyBytes(replyOf([], '{"code":100,"message":"internal"}', "500 No")),
    ...internalError,
  },
  {
    title: "the key in an error of the API",
    start: ofReplyBytes(replyOf([], '{"error":{"code":107,"message":"bad key secret-key-123"}}')),
    ...apiError,
  },
  {
    title: "the key in an unreadable body",
    start: ofReplyBytes(replyOf([], "apikey secret-key-123")),
    ...unreadable,
  },
  ...["gzip", "br", "zstd"].map((encoding): Fault => {
    const body = gzipSync(emptyResult);
    const head = replyOf([`Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`], "");
    return {
      title: `a body with an unrequested Content-Encoding of ${encoding}`,
      start: ofReplyBytes(Buffer.concat([Buffer.from(head), body])),
      ...unreadable,
    };
  }),
];

export const httpBodies = over("http", [...smuggled, ...bodies]);
