import { MapBroker } from "../brokers/map-broker.ts";
import { StreamBroker } from "../brokers/stream-broker.ts";
import { ClientHub } from "../clients/client-hub.ts";
import type { Clock } from "../clock.ts";
import type { ServerOptions } from "../config/server-options.ts";
import { NodeInfo } from "./node-info.ts";

/** The state of one server. The functions in methods/ act on it. */
export class Engine {
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly clients: ClientHub;
  readonly streams: StreamBroker;
  readonly maps: MapBroker;
  readonly node: NodeInfo;

  constructor(options: ServerOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
    this.clients = new ClientHub(clock, () => this.node.observe(this.clients));
    this.streams = new StreamBroker(clock, (channel, publication) =>
      this.clients.deliver(channel, publication),
    );
    this.maps = new MapBroker(clock, (channel, publication) => this.clients.deliver(channel, publication));
    this.node = new NodeInfo(options, clock);
  }
}
