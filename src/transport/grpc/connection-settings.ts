/** The settings of a connection, in milliseconds; see `GrpcSessionOptions`. */
export interface ConnectionSettings {
  pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly pingIdleConnection: boolean;
  readonly idleConnectionTimeoutMs: number;
}
