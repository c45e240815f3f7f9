import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";
import { Connection } from "./connection.ts";
import type { ConnectionSettings, GrpcSessionOptions } from "./connection-settings.ts";
import { withDefaults } from "./connection-settings.ts";

/**
 * The connection of a gRPC client. There is none at first; a call makes it, and makes another where it is no longer usable.
 * Connections that leave end with their last call. A session that is closed aborts them all, and makes no other.
 */
export class GrpcSession {
  /** The address of the server, without a path. */
  readonly origin: string;
  readonly #tls: TlsOptions | undefined;
  readonly #settings: ConnectionSettings;
  readonly #connections = new Set<Connection>();
  #current: Connection | undefined;
  #closed: Error | undefined;

  constructor(baseUrl: string, tls?: TlsOptions, options?: GrpcSessionOptions) {
    this.origin = new URL(baseUrl).origin;
    this.#tls = tls;
    this.#settings = withDefaults(options);
  }

  /** The connection to open a stream on at once; undefined where it must be made or asked first. */
  get ready(): Connection | undefined {
    return this.#current?.isReady ? this.#current : undefined;
  }

  /** Makes the connection, or asks it whether it is still there. */
  async connect(): Promise<Connection> {
    for (;;) {
      // A call whose deadline passed does not keep the client from being closed, and may still wait here.
      if (this.#closed !== undefined) throw this.#closed;
      const connection = this.#usable();
      await connection.prepare();
      // The connection may have been lost since, or did not answer.
      if (connection.isUsable) return connection;
    }
  }

  close(): void {
    this.#closed = networkFailure("the client was closed");
    for (const connection of this.#connections) connection.abort(this.#closed);
  }

  #usable(): Connection {
    if (this.#current?.isUsable) return this.#current;
    for (const connection of this.#connections) if (connection.isClosed) this.#connections.delete(connection);
    this.#current = new Connection(this.origin, this.#tls, this.#settings);
    this.#connections.add(this.#current);
    return this.#current;
  }
}
