// The public contract of tscent/testing: an in-memory Centrifugo for tests. All other exports of this folder are internal.
import "../check-node.ts";

export type { BackendOptions, ConnectOptions, ProxiedOptions } from "./backend.ts";
export type { CallTransport, RecordedCall } from "./calls.ts";
export type { ClientView, NextOptions, PushOf, PushType } from "./clients/client-view.ts";
export type { ConnectedClient } from "./clients/connected-client.ts";
export type { ClientReply, ClientSubscribeOptions, ProxiedClient } from "./clients/proxied-client.ts";
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
export { RefusedError } from "./clients/refused-error.ts";
export type { Clock } from "./clock.ts";
export { TestConfigError } from "./config/config-reader.ts";
export type { CentrifugoConfig, ChannelConfig, ConfigDuration } from "./config/config-shape.ts";
export type { Consumed, ConsumerMessage } from "./consume.ts";
export type { Fault, FaultOptions } from "./faults.ts";
export type { RestartOptions } from "./listeners.ts";
export type { ProxyAnswerOf, ProxyCall, ProxyEventName } from "./proxy/call-proxy.ts";
export { callProxy } from "./proxy/call-proxy.ts";
export type { ProxiedConnectOptions } from "./proxy/connecting.ts";
export type { ProxyAnswer, ProxyAnswerDisconnect, ProxyAnswerError } from "./proxy/proxy-answer.ts";
export type { CallProxyOptions, ProxyTransport } from "./proxy/proxy-caller.ts";
export { ProxyStatusError } from "./proxy/proxy-caller.ts";
export type { ProxyStream, StreamedPublication } from "./proxy/proxy-stream.ts";
export type { TokenVerifier } from "./proxy/token-result.ts";
export type { ProxiedBackend, ProxiedConnect, TestBackend } from "./test-backend.ts";
export type {
  ChannelTestClient,
  ChannelTestClientOptions,
  ProxiedTestClient,
  TestClient,
  TestClientOptions,
} from "./test-client.ts";
export { createTestClient } from "./test-client.ts";
export type { TestMethods, TestRequest, TestResult } from "./test-methods.ts";
export type { ProxiedTestServer, TestServer, TestServerOptions } from "./test-server.ts";
export { startTestServer } from "./test-server.ts";
