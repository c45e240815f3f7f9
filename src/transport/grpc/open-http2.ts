import type { ClientHttp2Session } from "node:http2";
import { connect, constants } from "node:http2";
import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";

/** A connection that gets stuck in its TLS handshake would take all later calls down with it. */
const connectTimeoutMs = 30_000;
/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that may be on their way before the server waits for us. HTTP/2's 64 KiB make a large history crawl. */
const windowSize = 16 * 1024 * 1024;

/** Opens Node's HTTP/2 session with a server. The promise rejects where the connection could not be made. */
export function openHttp2(origin: string, tls: TlsOptions | undefined): [ClientHttp2Session, Promise<void>] {
  const session = connect(origin, { ...tls, maxSessionMemory, settings: { initialWindowSize: windowSize } });
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
      // A session that was destroyed meanwhile emits this event nevertheless.
      if (!session.destroyed && "setLocalWindowSize" in session) session.setLocalWindowSize(windowSize);
    });
    // The settings tell how many streams the server takes at a time; the server would refuse those beyond.
    session.once("remoteSettings", () => {
      if (session.destroyed) return;
      clearTimeout(timer);
      session.unref();
      resolve();
    });
    session.once("error", fail);
    session.once("close", () => fail(networkFailure("the connection was closed before it was made")));
  });
  return [session, connected];
}
