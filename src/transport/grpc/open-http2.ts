import type { ClientHttp2Session } from "node:http2";
import { connect, constants } from "node:http2";
import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";

/** Without this limit, a connection that gets stuck in its TLS handshake would take all later calls down with it. */
const connectTimeoutMs = 30_000;
/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that may be on their way before the server waits for us. HTTP/2's 64 KiB make a large history crawl. */
const initialWindowSize = 16 * 1024 * 1024;

/** Node's HTTP/2 session with a server, and a promise that rejects where there is no connection. */
export function openHttp2(
  origin: string,
  tls: TlsOptions | undefined,
): { session: ClientHttp2Session; connected: Promise<void> } {
  const session = connect(origin, { ...tls, maxSessionMemory, settings: { initialWindowSize } });
  const connected = new Promise<void>((resolve, reject) => {
    const tooLate = networkFailure(`no connection within ${connectTimeoutMs} ms`);
    const giveUp = () => session.destroy(tooLate, constants.NGHTTP2_CANCEL);
    const timer = setTimeout(giveUp, connectTimeoutMs).unref();
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    session.once("connect", (_session, socket) => {
      // The session does not tell of a client's certificate that the server refuses.
      socket.once("error", fail);
      // A session that was destroyed meanwhile says this nevertheless.
      if (!session.destroyed && "setLocalWindowSize" in session)
        session.setLocalWindowSize(initialWindowSize);
    });
    // The settings tell how many streams the server takes at a time; it would refuse more before they come.
    session.once("remoteSettings", () => {
      if (session.destroyed) return;
      clearTimeout(timer);
      session.unref();
      resolve();
    });
    session.once("error", fail);
    session.once("close", () => fail(networkFailure("the connection was closed before it was made")));
  });
  return { session, connected };
}
