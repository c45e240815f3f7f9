import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";
import { Connection } from "./connection.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/** Settings of the HTTP/2 connection, with the names that connect-node has for them. */
export interface GrpcSessionOptions {
  /**
   * Milliseconds of silence after which a connection is pinged while calls wait on it, or before the next call; 310,000
   * by default. gRPC servers close connections that ping them more than once in five minutes.
   */
  pingIntervalMs?: number;
  /** Milliseconds within which a ping must be answered, or the connection is given up; 5,000 by default. */
  pingTimeoutMs?: number;
  /** Whether a connection without calls is pinged as well; false by default. */
  pingIdleConnection?: boolean;
  /** Milliseconds after which a connection without calls is closed; 900,000 by default. */
  idleConnectionTimeoutMs?: number;
}

/** The connection of a gRPC client: made when it is needed, and again when it was lost. */
export interface GrpcSession {
  /** Where the server is. */
  readonly origin: string;
  /** The connection to open a stream on at once; undefined where it must be made or asked first. */
  ready(): Connection | undefined;
  /** Makes the connection, or asks it whether it is still there. */
  connect(): Promise<Connection>;
  close(): void;
}

/**
 * gRPC servers close connections that ping them more than once in five minutes. A connection that was silent for longer
 * is asked before its next call: load balancers drop those without a word.
 */
const pingIntervalMs = 310_000;
/** A ping is answered by the other end's HTTP/2 layer, however busy the server is. */
const pingTimeoutMs = 5_000;
const idleConnectionTimeoutMs = 15 * 60_000;

export function createSession(baseUrl: string, tls?: TlsOptions, options?: GrpcSessionOptions): GrpcSession {
  const { origin } = new URL(baseUrl);
  const settings: ConnectionSettings = {
    pingIntervalMs: options?.pingIntervalMs ?? pingIntervalMs,
    pingTimeoutMs: options?.pingTimeoutMs ?? pingTimeoutMs,
    pingIdleConnection: options?.pingIdleConnection ?? false,
    idleConnectionTimeoutMs: options?.idleConnectionTimeoutMs ?? idleConnectionTimeoutMs,
  };
  let current: Connection | undefined;
  let closed: Error | undefined;
  /** Those that were told to go away, and end with their last call. */
  const leaving = new Set<Connection>();

  function usable(): Connection {
    if (current?.isUsable) return current;
    for (const connection of leaving) if (connection.isClosed) leaving.delete(connection);
    if (current !== undefined && !current.isClosed) leaving.add(current);
    current = new Connection(origin, tls, settings);
    return current;
  }

  return {
    origin,
    ready: () => (current?.isReady ? current : undefined),
    async connect() {
      for (;;) {
        // A call whose deadline passed does not keep the client from being closed, and may still wait here.
        if (closed !== undefined) throw closed;
        const connection = usable();
        await connection.prepare();
        // It may have been lost since, or did not answer.
        if (connection.isUsable) return connection;
      }
    },
    close() {
      closed = networkFailure("the client was closed");
      current?.abort(closed);
      for (const connection of leaving) connection.abort(closed);
    },
  };
}
