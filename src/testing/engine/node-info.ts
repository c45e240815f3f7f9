import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { create } from "@bufbuild/protobuf";
import type { NodeResult } from "#api";
import { NodeResultSchema } from "#api";
import type { ClientCounts, ClientHub } from "../clients/client-hub.ts";
import type { Clock } from "../clock.ts";
import type { ServerOptions } from "../config/server-options.ts";

/** A node publishes its counts at this interval. `info` shows the last ones. */
const periodMs = 3000;

const clientCommands =
  "connect history presence presence_stats publish refresh rpc send sub_refresh subscribe unknown unsubscribe".split(
    " ",
  );

const metricNames = [
  "broker.redis_pub_sub_dropped_messages.channel_type.client",
  "broker.redis_pub_sub_dropped_messages.channel_type.control",
  ...clientCommands.map((method) => `client.command_duration_seconds.count.method.${method}`),
  ...clientCommands.map((method) => `client.command_duration_seconds.sum.method.${method}`),
  "map.broker_redis_pub_sub_dropped_messages.channel_type.client",
  "node.client_connection_limit",
  ...["control", "join", "leave", "publication"].flatMap((type) => [
    `node.messages_received_count.type.${type}`,
    `node.messages_sent_count.type.${type}`,
  ]),
  ...["channels", "clients", "nodes", "subscriptions", "users"].map((thing) => `node.num_${thing}`),
  "shared.poll_num_channels",
  "shared.poll_num_keys",
];

const sharedPollMetricNames = ["duration_seconds.count", "duration_seconds.sum", "errors"].map(
  (name) => `proxy.${name}.name.default.protocol.http.type.shared_poll_refresh`,
);

/** The only node, as `info` describes it. */
export class NodeInfo {
  readonly #uid = randomUUID();
  readonly #startedAt: number;
  readonly #clock: Clock;
  #period = 0;
  #counts: ClientCounts = { clients: 0, users: 0, channels: 0, subscriptions: 0 };
  readonly #metrics: Record<string, number>;
  /** The configured name. Default: the host's name, with the HTTP port once the server listens. */
  name: string;

  constructor(options: ServerOptions, clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.name = options.nodeName === "" ? hostname() : options.nodeName;
    const all = [options.withoutNamespace, ...options.namespaces.values()];
    const hasSharedPoll = all.some(({ subscriptionType }) => subscriptionType === "shared_poll");
    const names = [...metricNames, ...(hasSharedPoll ? sharedPollMetricNames : [])];
    // These metrics cover a minute that is over, so a young server shows zeros.
    this.#metrics = Object.fromEntries(names.map((name) => [`centrifugo.${name}`, 0]));
  }

  /** Takes new counts if a new period has begun. Call it before counts change, and before they are shown. */
  observe(clients: ClientHub): void {
    const period = Math.floor((this.#clock.now() - this.#startedAt) / periodMs);
    if (period <= this.#period) return;
    this.#period = period;
    this.#counts = clients.counts();
  }

  describe(clients: ClientHub): NodeResult {
    this.observe(clients);
    return create(NodeResultSchema, {
      uid: this.#uid,
      name: this.name,
      version: "6.9.1 OSS",
      numClients: this.#counts.clients,
      numUsers: this.#counts.users,
      numChannels: this.#counts.channels,
      numSubs: this.#counts.subscriptions,
      uptime: (this.#period * periodMs) / 1000,
      metrics: { interval: 60, items: { ...this.#metrics } },
    });
  }
}
