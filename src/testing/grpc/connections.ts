import type { Http2Server, Http2Session, Http2Stream } from "node:http2";
import { constants } from "node:http2";
import type { Connections } from "../listening-server.ts";

interface Connection {
  streams: number;
  /** The last stream id in GOAWAY; undefined while the connection takes streams. */
  lastStreamId: number | undefined;
}

/** HTTP/2 connections. Each gets a graceful GOAWAY after `requestsPerConnection` streams, or by `goAway`. */
export class GrpcConnections implements Connections {
  readonly #requestsPerConnection: number;
  readonly #open = new Map<Http2Session, Connection>();

  constructor(requestsPerConnection: number) {
    this.#requestsPerConnection = requestsPerConnection;
  }

  follow(server: Http2Server): void {
    server.on("session", (session) => {
      this.#open.set(session, { streams: 0, lastStreamId: undefined });
      session.once("close", () => this.#open.delete(session));
    });
  }

  /** Whether to execute a stream. GOAWAY has told the client that streams above its last id are not executed. */
  takes({ id = 0, session }: Http2Stream): boolean {
    const connection = session === undefined ? undefined : this.#open.get(session);
    if (session === undefined || connection === undefined) return false;
    if (connection.lastStreamId !== undefined) return id <= connection.lastStreamId;
    connection.streams++;
    if (connection.streams >= this.#requestsPerConnection) leave(session, connection, id);
    return true;
  }

  goAway(): void {
    for (const [session, connection] of this.#open) {
      if (connection.lastStreamId === undefined)
        leave(session, connection, session.state.lastProcStreamID ?? 0);
    }
  }
}

function leave(session: Http2Session, connection: Connection, lastStreamId: number): void {
  connection.lastStreamId = lastStreamId;
  session.goaway(constants.NGHTTP2_NO_ERROR, lastStreamId);
  session.close();
}
