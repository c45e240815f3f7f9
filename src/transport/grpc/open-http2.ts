import type { ClientHttp2Session } from "node:http2";
import { connect, constants } from "node:http2";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionOptions } from "../connection-options.ts";
import { defaultConnectTimeoutMs } from "../connection-options.ts";
import { networkFailure } from "../transport-failure.ts";

/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that may be on their way before the server waits for us. HTTP/2's 64 KiB make a large history crawl. */
const windowSize = 16 * 1024 * 1024;

/** Opens Node's HTTP/2 session with a server, and tells once whether the connection was made. */
export function openHttp2(
  origin: string,
  options: ConnectionOptions,
  onEnd: (failure?: Error) => void,
): ClientHttp2Session {
  const { tls, socketPath, connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const session = connect(origin, {
    ...tls,
    maxSessionMemory,
    // A server that pushes all the same breaks the protocol, which ends the connection.
    settings: { initialWindowSize: windowSize, enablePush: false },
    ...(socketPath !== undefined && { createConnection: (url: URL) => openSocket(url, socketPath, options) }),
  });
  const tooLate = () => networkFailure(`no connection within ${connectTimeoutMs} ms`);
  const timer = setTimeout(() => session.destroy(tooLate(), constants.NGHTTP2_CANCEL), connectTimeoutMs);
  timer.unref();
  let hasEnded = false;
  const end = (failure?: Error) => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    onEnd(failure);
  };
  session.once("connect", (_session, socket) => {
    // The session does not tell of a client's certificate that the server refuses, and Node leaves the socket open.
    socket.once("error", (error) => end(socket.destroy() && error));
    // A session that was destroyed meanwhile emits this event nevertheless.
    if (!session.destroyed && "setLocalWindowSize" in session) session.setLocalWindowSize(windowSize);
  });
  // The settings tell how many streams the server takes at a time; the server would refuse those beyond.
  session.once("remoteSettings", () => {
    if (!session.destroyed) end();
  });
  // A session without a listener would end the process with its error. The streams get it, too.
  session.on("error", end);
  session.once("close", () => end(networkFailure("the connection was closed before it was made")));
  return session;
}

function openSocket({ protocol, hostname }: URL, path: string, { tls }: ConnectionOptions) {
  if (protocol === "http:") return connectTcp({ path });
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  return connectTls({ ...servername, ...tls, path, ALPNProtocols: ["h2"] });
}
