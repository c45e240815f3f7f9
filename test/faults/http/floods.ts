import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { floods } from "../rules.ts";
import { flood, times } from "../wire/frame-server.ts";
import { ofRequests, replyOf } from "../wire/request-server.ts";

/** Repeats bytes until the connection is closed. */
function endless(title: string, piece: string, first = ""): Fault {
  const bytes = times(Math.ceil(65_536 / piece.length), Buffer.from(piece));
  const start = ofRequests(({ socket }) => {
    socket.write(first);
    flood(socket, bytes);
  });
  return { title: `${title} without end`, start, ...floods, options: { timeoutMs: 1_500 }, isFlood: true };
}

const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

const list: readonly Fault[] = [
  endless("a status line", "HTTP/1.1 200 OK", "HTTP/1.1 200 "),
  endless("headers", "X: 1\r\n", "HTTP/1.1 200 OK\r\n"),
  endless("a header", "xxxxxxxx", "HTTP/1.1 200 OK\r\nX: "),
  endless("the name of a header", "xxxxxxxx", "HTTP/1.1 200 OK\r\nX"),
  endless("HTTP 103", "HTTP/1.1 103 Early Hints\r\n\r\n"),
  endless("HTTP 103 with headers", `HTTP/1.1 103 Early Hints\r\nLink: ${"x".repeat(8_000)}\r\n\r\n`),
  endless("the extension of a chunk", "xxxxxxxx", `${chunked}1;`),
  endless("zeros before the size of a chunk", "00000000", chunked),
  endless("trailers", "X: 1\r\n", `${chunked}0\r\n`),
  endless("empty lines", "\r\n"),
  endless("noise", "\0\0\0\0\0\0\0\0"),
  {
    ...endless("replies", replyOf(), replyOf()),
    publish: {},
  },
];

export const httpFloods = over("http", list);
