import type { MapSettings } from "../brokers/map-options.ts";
import type { HistoryOptions } from "../brokers/stream-broker.ts";
import type { ChannelAccess, ClientAccess } from "./client-access.ts";

/** The options of the channels of one namespace. */
export interface ChannelOptions {
  readonly presence: boolean;
  readonly joinLeave: boolean;
  readonly forcePushJoinLeave: boolean;
  /** Undefined if history is off. */
  readonly history: HistoryOptions | undefined;
  readonly historyMetaTtlMs: number;
  readonly forcePositioning: boolean;
  readonly forceRecovery: boolean;
  /** "json", "json_object", "binary", or "" for any data that is not empty. */
  readonly publicationDataFormat: string;
  /** "stream", "map", "map_clients", "map_users" or "shared_poll". */
  readonly subscriptionType: string;
  readonly map: MapSettings;
  readonly sharedPollPublishEnabled: boolean;
  /** Undefined without a proxy: clients may do everything then. */
  readonly access: ChannelAccess | undefined;
}

/** The part of Centrifugo's configuration that the test server models, checked and with its defaults. */
export interface ServerOptions {
  readonly http: {
    readonly disabled: boolean;
    /** The path of the API without a trailing slash; "" at the root. */
    readonly prefix: string;
    readonly key: string;
    readonly insecure: boolean;
    readonly transportErrors: boolean;
  };
  readonly grpc: {
    readonly enabled: boolean;
    /** "" asks for no key. */
    readonly key: string;
    readonly transportErrors: boolean;
    readonly maxReceiveBytes: number;
  };
  readonly nodeName: string;
  /** Undefined without a proxy: clients may do everything then. */
  readonly access: ClientAccess | undefined;
  readonly privatePrefix: string;
  readonly namespaceBoundary: string;
  readonly withoutNamespace: ChannelOptions;
  readonly namespaces: ReadonlyMap<string, ChannelOptions>;
  /** The configuration's keys that have no effect here, as dotted paths. */
  readonly ignored: readonly string[];
}
