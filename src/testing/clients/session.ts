import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { ClientInfo } from "#api";
import { ClientInfoSchema } from "#api";
import { Inbox } from "./inbox.ts";
import type { DisconnectPush } from "./push.ts";

/** One client's subscription to a channel. */
export interface Subscription {
  readonly chanInfo: Uint8Array;
  readonly emitPresence: boolean;
  readonly emitJoinLeave: boolean;
  readonly pushJoinLeave: boolean;
  /** Milliseconds since 1970; Infinity if it does not expire. */
  readonly expiresAt: number;
  /** Called when the subscription ends. */
  readonly onEnd?: () => void;
}

/** A connected client as the server sees it. */
export class Session {
  readonly user: string;
  readonly client: string;
  readonly session: string = randomUUID();
  readonly subscriptions = new Map<string, Subscription>();
  readonly inbox = new Inbox();
  connInfo: Uint8Array;
  /** Milliseconds since 1970; Infinity if it does not expire. */
  expiresAt = Number.POSITIVE_INFINITY;
  disconnected: DisconnectPush | undefined;

  constructor(user: string, client: string, connInfo: Uint8Array) {
    this.user = user;
    this.client = client;
    this.connInfo = connInfo;
  }

  /** The client's info in a channel, as other clients see it. */
  info(chanInfo: Uint8Array = new Uint8Array()): ClientInfo {
    const { user, client, connInfo } = this;
    return create(ClientInfoSchema, { user, client, connInfo, chanInfo });
  }
}
