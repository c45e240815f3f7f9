import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";
import { Connection } from "./connection.ts";
import type { ConnectionSettings, GrpcSessionOptions } from "./connection-settings.ts";
import { defaultSettings } from "./connection-settings.ts";

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

export function createSession(baseUrl: string, tls?: TlsOptions, options?: GrpcSessionOptions): GrpcSession {
  const { origin } = new URL(baseUrl);
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const settings: ConnectionSettings = { ...defaultSettings, ...Object.fromEntries(given) };
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
