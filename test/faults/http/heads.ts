import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { failedStatus, late, lost, refusedStatus, succeeds } from "../rules.ts";
import { emptyResult, ofLastBytes, ofReplyBytes, ofRequests, replyOf } from "../wire/request-server.ts";

const informational = (status: string, count: number) =>
  `HTTP/1.1 ${status}\r\nLink: </a>\r\n\r\n`.repeat(count);

const statusLines: readonly Fault[] = [
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 abc OK",
  "HTTP/1.1200 OK",
  "HTTQ/1.1 200 OK",
  "ICY 200 OK",
  "SSH-2.0-OpenSSH_9.6",
  "",
  "\u0000\u0001\u0002\u0003",
].map((line) => ({
  title: `the status line ${JSON.stringify(line)}`,
  start: ofLastBytes(`${line}\r\nContent-Length: 13\r\n\r\n${emptyResult}`),
  ...lost,
}));

// The client's HTTP parser accepts these versions.
const versions = ["HTTP/0.9", "HTTP/2.0"].map(
  (version): Fault => ({
    title: `the version ${version}`,
    start: ofLastBytes(replyOf().replace("HTTP/1.1", version)),
    ...succeeds,
  }),
);

const heads: readonly Fault[] = [
  { title: "a header without a colon", start: ofLastBytes(replyOf(["Nothing"])), ...lost },
  { title: "a header with a space in its name", start: ofLastBytes(replyOf(["X Y: 1"])), ...lost },
  { title: "a header with NUL in its value", start: ofLastBytes(replyOf(["X: a\0b"])), ...lost },
  { title: "a header without a name", start: ofLastBytes(replyOf([": a"])), ...lost },
  { title: "a header of 100 KB", start: ofLastBytes(replyOf([`X: ${"x".repeat(100_000)}`])), ...lost },
  {
    title: "10,000 headers",
    start: ofLastBytes(replyOf(Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1`))),
    ...lost,
  },
  { title: "a header of 10 KB", start: ofReplyBytes(replyOf([`X: ${"x".repeat(10_000)}`])), ...succeeds },
  {
    title: "headers named like properties of Object.prototype",
    start: ofReplyBytes(replyOf(["__proto__: 1", "constructor: 2"])),
    ...succeeds,
  },
  {
    title: "HTTP 999 with a body that is not JSON",
    start: ofReplyBytes(replyOf([], "no", "999 No")),
    ...failedStatus,
  },
  {
    title: "HTTP 100 before the reply",
    start: ofReplyBytes(informational("100 Continue", 1) + replyOf()),
    ...lost,
  },
  {
    title: "HTTP 103 before the reply",
    start: ofReplyBytes(informational("103 Early Hints", 1) + replyOf()),
    ...succeeds,
  },
  {
    title: "HTTP 103 a hundred times before the reply",
    start: ofReplyBytes(informational("103 Early Hints", 100) + replyOf()),
    ...succeeds,
  },
  {
    title: "HTTP 102 without a reply",
    start: ofReplyBytes(informational("102 Processing", 1)),
    ...late,
    options: { timeoutMs: 150 },
  },
  {
    title: "an unrequested HTTP 101",
    start: ofLastBytes("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"),
    ...lost,
  },
  {
    title: "Connection: close without an end, then another call",
    start: ofReplyBytes(replyOf(["Connection: close"])),
    ...succeeds,
    warmUps: 1,
  },
  {
    title: "Keep-Alive of a year and a half",
    start: ofReplyBytes(replyOf(["Keep-Alive: timeout=50000000"])),
    ...succeeds,
    warmUps: 1,
  },
  {
    title: "Keep-Alive of -1 seconds",
    start: ofReplyBytes(replyOf(["Keep-Alive: timeout=-1"])),
    ...succeeds,
    warmUps: 1,
  },
  {
    title: "HTTP 413 before the whole request is read, then closed",
    start: ofRequests(({ socket }) => socket.end(replyOf(["Connection: close"], "too large", "413 No"))),
    ...refusedStatus,
    bytes: 1_000_000,
  },
  {
    title: "an answer of HTTP/2",
    start: ofLastBytes(Buffer.from("00000c04000000000000030000006400040010000000000408", "hex")),
    ...lost,
  },
];

export const httpHeads = over("http", [...statusLines, ...versions, ...heads]);
