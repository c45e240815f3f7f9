// The public contract of tscent/proxy: handlers of the events about which Centrifugo asks a backend.
import "../check-node.ts";

export type {
  EventRequests,
  EventResults,
  ProxyHandlers,
} from "../../gen/centrifugal/centrifugo/proxy/proxy_handlers.ts";
// The request and result of each event: SubscribeRequest, SubscribeResult and so on.
export type * from "../../gen/centrifugal/centrifugo/proxy/proxy_types.ts";
export type { CentProxy } from "./create-proxy.ts";
export { createProxy } from "./create-proxy.ts";
export type { DefinedProxyOptions, Definitions } from "./definitions/defined-options.ts";
export type * from "./handler-types.ts";
export type { NodeRequest, NodeResponse } from "./node-handler.ts";
export type { ProxyConfig, ProxyConfigOptions } from "./proxy-config.ts";
export type { ProxyFailure } from "./proxy-core.ts";
export type { ProxyOptions } from "./proxy-options.ts";
export type { DenyOptions } from "./refusals.ts";
export { deny, disconnect, expired } from "./refusals.ts";
