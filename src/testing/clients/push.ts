import type { ClientInfo } from "#api";
import { payloadValue } from "../brokers/payload.ts";
import type { StoredPublication } from "../brokers/stream-broker.ts";

/** Who is behind a connection. `connInfo` and `chanInfo` are parsed JSON, or bytes where they are none. */
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
  /** Parsed JSON, or a Uint8Array where the data is not JSON; undefined where there is none. */
  readonly data: unknown;
  /** The place in the channel's history; 0 where it was not stored. */
  readonly offset: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Set where a client published it. */
  readonly info?: PushedClientInfo;
  /** Set in map channels. */
  readonly key?: string;
  /** Whether the key is gone, in map channels. */
  readonly removed?: boolean;
}

/** Somebody joined or left a channel. */
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
  /** Whether what is missed can be recovered from there. */
  readonly recoverable: boolean;
  /** That position: the end of the history, or `recoverSince` where all since then is there. Else 0 and "". */
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
  /** Seconds; 0 where it does not expire. */
  readonly ttl: number;
}

/** The end of the connection. */
export interface DisconnectPush {
  readonly type: "disconnect";
  readonly code: number;
  readonly reason: string;
}

/** Anything that the server sends a client on its own. */
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

/** Who is behind a connection, as others get to see it. */
export function clientInfoPush({ user, client, connInfo, chanInfo }: ClientInfo): PushedClientInfo {
  return {
    user,
    client,
    ...(connInfo.length === 0 ? {} : { connInfo: payloadValue(connInfo) }),
    ...(chanInfo.length === 0 ? {} : { chanInfo: payloadValue(chanInfo) }),
  };
}
