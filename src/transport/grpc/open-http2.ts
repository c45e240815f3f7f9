import type { ClientHttp2Session } from "node:http2";
import { hasBinaryFormat, loadBinaryFormat } from "../../limits/binary-format.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { defaultConnectTimeoutMs } from "../connection-options.ts";
import { builtin } from "../node-builtins.ts";
import { networkFailure } from "../transport-failure.ts";
import { resetCodes } from "./reset-codes.ts";

/** Megabytes that Node may hold for one session. Its default of 10 is too small for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that the server may send unacknowledged. HTTP/2's default of 64 KiB makes large replies slow. */
const windowSize = 16 * 1024 * 1024;

/** Opens an HTTP/2 session. Calls `onEnd` once: with a failure, or with nothing when the server's settings arrive. */
export function openHttp2(
  origin: string,
  options: ConnectionOptions,
  onEnd: (failure?: Error) => void,
): ClientHttp2Session {
  const { tls, socketPath, connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const session = builtin("node:http2").connect(origin, {
    ...tls,
    maxSessionMemory,
    // A push despite this setting is a protocol error, which ends the connection.
    settings: { initialWindowSize: windowSize, enablePush: false },
    ...(socketPath !== undefined && { createConnection: (url: URL) => openSocket(url, socketPath, options) }),
  });
  const tooLate = () => networkFailure(`no connection within ${connectTimeoutMs} ms`);
  const timer = setTimeout(() => session.destroy(tooLate(), resetCodes.CANCEL), connectTimeoutMs);
  timer.unref();
  let hasEnded = false;
  const end = (failure?: Error) => {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    onEnd(failure);
  };
  session.once("connect", (_session, socket) => {
    // If the server refuses the client's certificate, Node tells only the socket, and leaves it open.
    socket.once("error", (error) => end(socket.destroy() && error));
    // Node emits this event even for a destroyed session.
    if (!session.destroyed && "setLocalWindowSize" in session) session.setLocalWindowSize(windowSize);
  });
  // Calls wait for the settings, which say how many streams the server takes at a time.
  session.once("remoteSettings", () => {
    if (session.destroyed) return;
    if (hasBinaryFormat()) end();
    else loadBinaryFormat().then(() => end(), end);
  });
  // An error of a session without a listener would end the process. The streams get the error, too.
  session.on("error", end);
  session.once("close", () => end(networkFailure("the connection was closed before it was made")));
  return session;
}

function openSocket({ protocol, hostname }: URL, path: string, { tls }: ConnectionOptions) {
  const { connect, isIP } = builtin("node:net");
  if (protocol === "http:") return connect({ path });
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  return builtin("node:tls").connect({ ...servername, ...tls, path, ALPNProtocols: ["h2"] });
}
