import type { ConnectionOptions } from "../connection-options.ts";

/** Settings of the gRPC connection, named as in connect-node. */
export interface GrpcSessionOptions {
  /**
   * Milliseconds of silence before a PING, sent while calls are in flight or before the next call. Default 310,000. gRPC
   * servers close connections that ping more than once in five minutes.
   */
  pingIntervalMs?: number | undefined;
  /** Milliseconds to wait for the answer to a PING, before the connection is closed. Default 5,000. */
  pingTimeoutMs?: number | undefined;
  /** Pings a connection without calls, too. Default false. */
  pingIdleConnection?: boolean | undefined;
  /** Milliseconds after which a connection without calls is closed. Default 900,000. */
  idleConnectionTimeoutMs?: number | undefined;
}

/** Settings with their defaults. A server's `too_many_pings` doubles `pingIntervalMs`. */
export type ConnectionSettings = ConnectionOptions & {
  [Name in keyof GrpcSessionOptions]-?: Exclude<GrpcSessionOptions[Name], undefined>;
};

export function withDefaults(
  {
    // Load balancers silently drop connections after some minutes without traffic.
    pingIntervalMs = 310_000,
    // The HTTP/2 layer answers pings, even if the server is busy.
    pingTimeoutMs = 5_000,
    pingIdleConnection = false,
    idleConnectionTimeoutMs = 15 * 60_000,
  }: GrpcSessionOptions,
  connection: ConnectionOptions,
): ConnectionSettings {
  return { ...connection, pingIntervalMs, pingTimeoutMs, pingIdleConnection, idleConnectionTimeoutMs };
}
