import type { ClientInfo } from "#api";
import { payloadValue } from "../brokers/payload.ts";
import type { StoredPublication } from "../brokers/stream-broker.ts";

/** The client of a connection. `connInfo` and `chanInfo` are parsed JSON, else a Uint8Array. */
export interface PushedClientInfo {
  readonly user: string;
  readonly client: string;
  readonly connInfo?: unknown;
  readonly chanInfo?: unknown;
}

/** A publication that reached a client. */
export interface PublicationPush {
  readonly type: "publication";
  readonly channel: string;
  /** Parsed JSON, else a Uint8Array; undefined if empty. */
  readonly data: unknown;
  /** The offset in the channel's history; 0 if not stored. */
  readonly offset: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Set if a client published it. */
  readonly info?: PushedClientInfo;
  /** Set in map channels. */
  readonly key?: string;
  /** True for a removed key, in map channels. */
  readonly removed?: boolean;
}

/** A client joined or left a channel. */
export interface JoinLeavePush {
  readonly type: "join" | "leave";
  readonly channel: string;
  readonly info: PushedClientInfo;
}

/** The server subscribed the client to a channel. */
export interface SubscribePush {
  readonly type: "subscribe";
  readonly channel: string;
  readonly data?: unknown;
  /** Whether the subscription has a position in the channel's history. */
  readonly positioned: boolean;
  /** Whether missed publications can be recovered from that position. */
  readonly recoverable: boolean;
  /** The position: `recoverSince` if the history has all since then, else the history's end. Without one: 0 and "". */
  readonly offset: number;
  readonly epoch: string;
}

/** The server took the client out of a channel. */
export interface UnsubscribePush {
  readonly type: "unsubscribe";
  readonly channel: string;
  readonly code: number;
  readonly reason: string;
}

/** The server changed when the connection expires. */
export interface RefreshPush {
  readonly type: "refresh";
  readonly expires: boolean;
  /** Seconds until it expires; 0 if it does not. */
  readonly ttl: number;
}

/** The end of the connection. */
export interface DisconnectPush {
  readonly type: "disconnect";
  readonly code: number;
  readonly reason: string;
}

/** A message that the server sends a client on its own. */
export type Push =
  | PublicationPush
  | JoinLeavePush
  | SubscribePush
  | UnsubscribePush
  | RefreshPush
  | DisconnectPush;

/** A publication as its subscribers get it. */
export function publicationPush(channel: string, publication: StoredPublication): PublicationPush {
  const { data, offset, tags, info, key, removed } = publication;
  return {
    type: "publication",
    channel,
    data: payloadValue(data),
    offset: Number(offset),
    tags,
    ...(info === undefined ? {} : { info: clientInfoPush(info) }),
    ...(key === undefined ? {} : { key }),
    ...(removed === undefined ? {} : { removed }),
  };
}

/** The client of a connection, as other clients see it. */
export function clientInfoPush({ user, client, connInfo, chanInfo }: ClientInfo): PushedClientInfo {
  return {
    user,
    client,
    ...(connInfo.length === 0 ? {} : { connInfo: payloadValue(connInfo) }),
    ...(chanInfo.length === 0 ? {} : { chanInfo: payloadValue(chanInfo) }),
  };
}
