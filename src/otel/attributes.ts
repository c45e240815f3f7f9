// The names of OpenTelemetry's semantic conventions 1.45. A test compares them with `@opentelemetry/semantic-conventions`,
// whose import would load thousands of names.

export const names = {
  ATTR_ERROR_TYPE: "error.type",
  ATTR_MESSAGING_DESTINATION_NAME: "messaging.destination.name",
  ATTR_RPC_METHOD: "rpc.method",
  ATTR_RPC_STATUS_CODE: "rpc.status_code",
  ATTR_RPC_SYSTEM_NAME: "rpc.system.name",
  ATTR_SERVER_ADDRESS: "server.address",
  ATTR_SERVER_PORT: "server.port",
  ERROR_TYPE_VALUE_OTHER: "_OTHER",
  METRIC_RPC_CLIENT_CALL_DURATION: "rpc.client.call.duration",
  METRIC_RPC_SERVER_CALL_DURATION: "rpc.server.call.duration",
  RPC_SYSTEM_NAME_VALUE_GRPC: "grpc",
} as const;

/** Names of this package's own: attributes of spans, and metrics. */
export const ownNames = {
  attempts: "tscent.attempts",
  batchSize: "tscent.batch.size",
  channelCount: "tscent.channel.count",
  maybeExecuted: "tscent.maybe_executed",
  /** The beginning of the names of a run's counts: `tscent.run.failed`. */
  run: "tscent.run",
  outcome: "tscent.proxy.outcome",
  outcomeCode: "tscent.proxy.code",
  activeCalls: "tscent.client.active_calls",
  batchSizes: "tscent.client.batch.size",
  retries: "tscent.client.retries",
} as const;

/** The boundaries of both durations, in seconds, as the conventions give them. */
export const durationBoundaries: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** The RPC system over HTTP, for which the conventions have no name. */
export const httpSystem = "centrifugo";
