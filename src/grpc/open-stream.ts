import type { ClientHttp2Stream, Http2Session } from "node:http2";
import type { Http2SessionManager } from "@connectrpc/connect-node";
import { networkFailure } from "../transport-failure.ts";

/** Without it, a connection that gets stuck in its TLS handshake would take all later calls down with it. */
const connectTimeoutMs = 30_000;

/**
 * Opens a stream, on a new connection where there is none. A connection that is not made in time is given up for all
 * the calls that wait for it.
 */
export async function openStream(
  sessions: Http2SessionManager,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<ClientHttp2Stream> {
  const state = sessions.state();
  const giveUp = () => sessions.abort(networkFailure(`no connection within ${connectTimeoutMs} ms`));
  const connected = state === "open" || state === "idle";
  const timer = connected ? undefined : setTimeout(giveUp, connectTimeoutMs).unref();
  try {
    const stream = await sessions.request("POST", path, headers, {});
    surviveLateErrors(stream.session);
    return stream;
  } finally {
    clearTimeout(timer);
  }
}

const watched = new WeakSet<Http2Session>();

/**
 * A broken session closes its streams first and emits its error later. The session manager handles that error, unless
 * the client was closed in between; without a listener it would end the process.
 */
function surviveLateErrors(session: Http2Session | undefined): void {
  if (session === undefined || watched.has(session)) return;
  watched.add(session);
  session.on("error", () => {});
}
