import type { ConnectionOptions } from "../connection-options.ts";

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

/** Settings with their defaults. A connection whose pings are too many for the server doubles the interval. */
export type ConnectionSettings = Required<GrpcSessionOptions> & ConnectionOptions;

export function withDefaults(
  {
    // Load balancers drop connections that are silent for some minutes, without a word.
    pingIntervalMs = 310_000,
    // The other end's HTTP/2 layer answers a ping, however busy the server is.
    pingTimeoutMs = 5_000,
    pingIdleConnection = false,
    idleConnectionTimeoutMs = 15 * 60_000,
  }: GrpcSessionOptions,
  connection: ConnectionOptions,
): ConnectionSettings {
  return { ...connection, pingIntervalMs, pingTimeoutMs, pingIdleConnection, idleConnectionTimeoutMs };
}
