import type { ClientHub } from "./client-hub.ts";
import type { Push } from "./push.ts";
import type { Session } from "./session.ts";

/** Options of `next`. */
export interface NextOptions {
  /** Milliseconds of real time to wait. Default 1000. */
  readonly timeoutMs?: number;
}

/** The type of a push, such as "publication". */
export type PushType = Push["type"];

/** The push of one type. */
export type PushOf<T extends PushType> = Extract<Push, { type: T }>;

/** A connected client and each push that the server has sent it. */
export class ClientView {
  readonly #session: Session;
  readonly #clients: ClientHub;

  constructor(session: Session, clients: ClientHub) {
    this.#session = session;
    this.#clients = clients;
  }

  /** The user's id; "" for an anonymous one. */
  get user(): string {
    return this.#session.user;
  }

  /** The id of this connection. */
  get client(): string {
    return this.#session.client;
  }

  /** The id of this session, for the `session` of subscribe, unsubscribe, disconnect and refresh. */
  get session(): string {
    return this.#session.session;
  }

  /** The channels that the client is subscribed to, sorted. */
  get channels(): string[] {
    this.#clients.expire();
    return [...this.#session.subscriptions.keys()].sort();
  }

  /** Every push that the server has sent, oldest first. */
  get received(): readonly Push[] {
    this.#clients.expire();
    return [...this.#session.inbox.received];
  }

  /** How the connection ended; undefined while it is open. */
  get disconnected(): { readonly code: number; readonly reason: string } | undefined {
    this.#clients.expire();
    const { disconnected } = this.#session;
    return disconnected && { code: disconnected.code, reason: disconnected.reason };
  }

  /**
   * Waits for the next push that has a type, or that a function accepts; by default for any. Each push is given out once.
   *
   * @throws Error if none comes in time or before the connection ends. It names the types of the unread pushes.
   */
  next(options?: NextOptions): Promise<Push>;
  next<T extends PushType>(type: T, options?: NextOptions): Promise<PushOf<T>>;
  next(matches: (push: Push) => boolean, options?: NextOptions): Promise<Push>;
  async next(
    wanted?: PushType | ((push: Push) => boolean) | NextOptions,
    options?: NextOptions,
  ): Promise<Push> {
    this.#clients.expire();
    const { timeoutMs = 1000 } = (typeof wanted === "object" ? wanted : options) ?? {};
    const matches =
      typeof wanted === "function"
        ? wanted
        : typeof wanted === "string"
          ? (push: Push) => push.type === wanted
          : () => true;
    return this.#session.inbox.next(matches, typeof wanted === "string" ? wanted : "such push", timeoutMs);
  }

  /** Unsubscribes from a channel from the client's side. */
  unsubscribe(channel: string): void {
    this.#clients.unsubscribe(this.#session, channel);
  }

  /** Ends the connection from the client's side. */
  disconnect(): void {
    this.#clients.disconnect(this.#session, 0, "connection closed by client");
  }
}
