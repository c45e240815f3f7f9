import type { Message } from "@bufbuild/protobuf";
import { ClientHub } from "../clients/client-hub.ts";
import { sessionMethods } from "../clients/session-methods.ts";
import type { Clock } from "../clock.ts";
import type { ServerOptions } from "../config/server-options.ts";
import { notFound } from "./api-error.ts";
import type { EngineMethod } from "./engine-method.ts";
import { MapBroker } from "./map-broker.ts";
import { mapMethods } from "./map-methods.ts";
import { NodeInfo } from "./node-info.ts";
import { StreamBroker } from "./stream-broker.ts";
import { streamMethods } from "./stream-methods.ts";

/** The methods that an open-source server has, but for `batch`, which is made of them, by the client's names for them. */
const methods: ReadonlyMap<string, EngineMethod> = new Map(
  Object.entries({ ...streamMethods, ...sessionMethods, ...mapMethods }),
);

/** Whether an open-source server has a method, by the client's name for it; `batch` is made of them. */
export function isOpenSource(name: string): boolean {
  return methods.has(name);
}

/** The state of one server, and the methods that act on it. */
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

  /**
   * Runs one method and gives its result.
   *
   * @throws ApiError where the server answers with an error; 104 for a method that an open-source server does not have.
   */
  execute(name: string, request: Message): Message {
    const run = methods.get(name);
    if (run === undefined) throw notFound();
    this.clients.expire();
    return run(this, request);
  }
}
