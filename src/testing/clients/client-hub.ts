import type { ClientInfo } from "#api";
import type { StoredPublication } from "../brokers/stream-broker.ts";
import type { Clock } from "../clock.ts";
import type { Push } from "./push.ts";
import { clientInfoPush, publicationPush } from "./push.ts";
import type { Session, Subscription } from "./session.ts";

/** Selects connections of a user. An empty `client` or `session` matches all. An empty `user` is the anonymous one. */
export interface ClientSelector {
  readonly user: string;
  readonly client: string;
  readonly session: string;
}

export interface ClientCounts {
  readonly clients: number;
  readonly users: number;
  readonly channels: number;
  readonly subscriptions: number;
}

/** Milliseconds after the expiry of a connection or subscription in which the client can still refresh it. */
const graceMs = 25_000;

/** The connected clients, their subscriptions and the presence of channels. */
export class ClientHub {
  readonly #clock: Clock;
  readonly #sessions = new Set<Session>();
  /** By channel and client id. As on the server, an entry can outlive a subscription that an error ended. */
  readonly #presence = new Map<string, Map<string, ClientInfo>>();

  readonly #beforeChange: () => void;

  constructor(clock: Clock, beforeChange: () => void) {
    this.#clock = clock;
    this.#beforeChange = beforeChange;
  }

  add(session: Session): void {
    this.#beforeChange();
    this.#sessions.add(session);
  }

  /** The live connections that a selector matches. */
  select({ user, client, session }: ClientSelector): Session[] {
    return this.#live().filter(
      (candidate) =>
        candidate.user === user &&
        (client === "" || candidate.client === client) &&
        (session === "" || candidate.session === session),
    );
  }

  subscribe(session: Session, channel: string, subscription: Subscription, push?: Push): void {
    this.#beforeChange();
    session.subscriptions.get(channel)?.onEnd?.();
    session.subscriptions.set(channel, subscription);
    if (push !== undefined) session.inbox.add(push);
    const info = session.info(subscription.chanInfo);
    if (subscription.emitPresence) {
      const present = this.#presence.get(channel) ?? new Map<string, ClientInfo>();
      this.#presence.set(channel, present.set(session.client, info));
    }
    if (subscription.emitJoinLeave) this.#announce("join", channel, info);
  }

  /** Ends a subscription without telling the client. */
  unsubscribe(session: Session, channel: string): void {
    const subscription = session.subscriptions.get(channel);
    if (subscription === undefined) return;
    this.#beforeChange();
    session.subscriptions.delete(channel);
    subscription.onEnd?.();
    if (subscription.emitPresence) this.#presence.get(channel)?.delete(session.client);
    if (subscription.emitJoinLeave) this.#announce("leave", channel, session.info(subscription.chanInfo));
  }

  disconnect(session: Session, code: number, reason: string): void {
    if (session.disconnected !== undefined) return;
    this.#beforeChange();
    session.disconnected = { type: "disconnect", code, reason };
    this.#sessions.delete(session);
    for (const channel of [...session.subscriptions.keys()]) this.unsubscribe(session, channel);
    session.inbox.add(session.disconnected);
  }

  /** Ends every connection, as a server does when it stops. */
  shutDown(): void {
    for (const session of [...this.#sessions]) this.disconnect(session, 3001, "shutdown");
  }

  deliver(channel: string, publication: StoredPublication): void {
    const push = publicationPush(channel, publication);
    for (const session of this.#subscribers(channel)) session.inbox.add(push);
  }

  presence(channel: string): ReadonlyMap<string, ClientInfo> {
    this.expire();
    return this.#presence.get(channel) ?? new Map();
  }

  /** How many subscribers each channel has. */
  channels(): Map<string, number> {
    this.expire();
    return this.#channels();
  }

  #channels(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { subscriptions } of this.#sessions) {
      for (const channel of subscriptions.keys()) counts.set(channel, (counts.get(channel) ?? 0) + 1);
    }
    return counts;
  }

  /** The counts of now. It ends nothing that has expired, because that would ask for the counts again. */
  counts(): ClientCounts {
    const channels = this.#channels();
    return {
      clients: this.#sessions.size,
      users: new Set([...this.#sessions].map((session) => session.user)).size,
      channels: channels.size,
      subscriptions: [...channels.values()].reduce((sum, count) => sum + count, 0),
    };
  }

  /** Ends expired connections and subscriptions. */
  expire(): void {
    const now = this.#clock.now();
    for (const session of [...this.#sessions]) {
      if (session.expiresAt + graceMs <= now) {
        this.disconnect(session, 3005, "connection expired");
        continue;
      }
      for (const [channel, { expiresAt }] of [...session.subscriptions]) {
        if (expiresAt + graceMs > now) continue;
        this.unsubscribe(session, channel);
        session.inbox.add({ type: "unsubscribe", channel, code: 2501, reason: "subscription expired" });
      }
    }
  }

  #live(): Session[] {
    this.expire();
    return [...this.#sessions];
  }

  #subscribers(channel: string): Session[] {
    return this.#live().filter((session) => session.subscriptions.has(channel));
  }

  /** Announces a join or leave to the subscribers with `pushJoinLeave`. */
  #announce(type: "join" | "leave", channel: string, info: ClientInfo): void {
    const push: Push = { type, channel, info: clientInfoPush(info) };
    for (const session of this.#sessions) {
      if (session.subscriptions.get(channel)?.pushJoinLeave) session.inbox.add(push);
    }
  }
}
