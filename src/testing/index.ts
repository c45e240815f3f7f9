// The public contract of tscent/testing: an in-memory Centrifugo for tests. All other exports of this folder are internal.
import "../check-node.ts";

export type { BackendOptions, ConnectOptions } from "./backend.ts";
export type { CallTransport, RecordedCall } from "./calls.ts";
export type { ConnectedClient, NextOptions, PushOf, PushType } from "./clients/connected-client.ts";
export type {
  DisconnectPush,
  JoinLeavePush,
  PublicationPush,
  Push,
  PushedClientInfo,
  RefreshPush,
  SubscribePush,
  UnsubscribePush,
} from "./clients/push.ts";
export type { Clock } from "./clock.ts";
export { TestConfigError } from "./config/config-reader.ts";
export type { CentrifugoConfig, ChannelConfig, ConfigDuration } from "./config/config-shape.ts";
export type { Consumed, ConsumerMessage } from "./consume.ts";
export type { Fault, FaultOptions } from "./faults.ts";
export type { RestartOptions } from "./listeners.ts";
export type { TestBackend } from "./test-backend.ts";
export type { TestClient, TestClientOptions } from "./test-client.ts";
export { createTestClient } from "./test-client.ts";
export type { TestMethods, TestRequest, TestResult } from "./test-methods.ts";
export type { TestServer, TestServerOptions } from "./test-server.ts";
export { startTestServer } from "./test-server.ts";
