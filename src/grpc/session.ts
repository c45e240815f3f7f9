import type { ClientHttp2Stream, Http2Session } from "node:http2";
import { constants } from "node:http2";
import type { Http2SessionOptions } from "@connectrpc/connect-node";
import { Http2SessionManager } from "@connectrpc/connect-node";
import type { TlsOptions } from "../tls-options.ts";
import { networkFailure } from "../transport-failure.ts";

/** Settings of the HTTP/2 connection; those of connect-node's `Http2SessionManager`. */
export type GrpcSessionOptions = Http2SessionOptions;

/** The connection of a gRPC client: made when it is needed, and again when it was lost. */
export interface GrpcSession {
  /** Opens a stream, on a new connection where there is none. */
  open(path: string, headers: Readonly<Record<string, string>>): Promise<ClientHttp2Stream>;
  /** Says that something came on a stream, so the connection is alive. */
  notifyRead(stream: ClientHttp2Stream): void;
  /** Asks whether the connection of a stream is still there, and gives it up for all its calls where nobody answers. */
  verify(stream: ClientHttp2Stream): void;
  close(): void;
}

/**
 * gRPC servers close connections that ping them more than once in five minutes. A connection that was silent for longer
 * is asked before its next call: load balancers drop those without a word.
 */
const pingIntervalMs = 310_000;
/** A ping is answered by the other end's HTTP/2 layer, however busy the server is. */
const pingTimeoutMs = 5_000;
/** How often a call that timed out may have its connection asked; answers to other calls let the server forget it. */
const verifyIntervalMs = 60_000;
/** Without it, a connection that gets stuck in its TLS handshake would take all later calls down with it. */
const connectTimeoutMs = 30_000;
/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that may be on their way before the server waits for us. HTTP/2's 64 KiB make a large history crawl. */
const windowSize = 16 * 1024 * 1024;

export function createSession(baseUrl: string, tls?: TlsOptions, options?: GrpcSessionOptions): GrpcSession {
  const settings = { initialWindowSize: windowSize };
  const pings = { pingIntervalMs, pingTimeoutMs, ...options };
  const manager = new Http2SessionManager(baseUrl, pings, { ...tls, maxSessionMemory, settings });
  const known = new WeakSet<Http2Session>();
  const verified = new WeakMap<Http2Session, number>();
  return {
    async open(path, headers) {
      const state = manager.state();
      // It ends the calls on a connection that is being wound up as well; a server that does not let us connect is gone.
      const giveUp = () => manager.abort(networkFailure(`no connection within ${connectTimeoutMs} ms`));
      const connected = state === "open" || state === "idle";
      const timer = connected ? undefined : setTimeout(giveUp, connectTimeoutMs).unref();
      try {
        const stream = await manager.request("POST", path, headers, {});
        if (stream.session !== undefined && !known.has(stream.session)) {
          known.add(stream.session);
          prepare(stream.session);
        }
        return stream;
      } finally {
        clearTimeout(timer);
      }
    },
    notifyRead: (stream) => manager.notifyResponseByteRead(stream),
    verify({ session }) {
      const last = session && verified.get(session);
      const now = performance.now();
      if (session === undefined || session.destroyed || (last !== undefined && now - last < verifyIntervalMs))
        return;
      verified.set(session, now);
      const lost = new Error("the connection is gone: a PING was not answered");
      const timer = setTimeout(() => session.destroy(lost, constants.NGHTTP2_CANCEL), pings.pingTimeoutMs);
      timer.unref();
      session.ping(() => clearTimeout(timer));
    },
    close: () => manager.abort(networkFailure("the client was closed")),
  };
}

function prepare(session: Http2Session): void {
  if ("setLocalWindowSize" in session) session.setLocalWindowSize(windowSize);
  // A broken session closes its streams first and emits its error later. The manager handles that error, unless the
  // client was closed in between; without a listener it would end the process.
  session.on("error", () => {});
}
