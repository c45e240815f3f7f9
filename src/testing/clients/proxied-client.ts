import type { ClientHub } from "./client-hub.ts";
import { ClientView } from "./client-view.ts";
import type { Session } from "./session.ts";

/** Options of a client's `subscribe`. */
export interface ClientSubscribeOptions {
  /** Data for the handler. */
  readonly data?: unknown;
  /** A subscription token, which the server's `tokens` verify. The handler is not asked then. */
  readonly token?: string | undefined;
}

/** The data in an answer: parsed JSON, else a Uint8Array; undefined if empty. */
export interface ClientReply {
  readonly data?: unknown;
}

/** The means of a client whose server asks a proxy. */
export interface ProxiedActions {
  subscribe(channel: string, options: ClientSubscribeOptions): Promise<ClientReply>;
  publish(channel: string, data: unknown): Promise<void>;
  rpc(method: string, data: unknown): Promise<ClientReply>;
}

/**
 * A client of a test server with a proxy, without a socket. It may do what the proxy or the configuration allows. A refusal
 * rejects with a `RefusedError`, which has the code and message that the client sees.
 */
export class ProxiedClient extends ClientView {
  /** The data that the client got when it connected: parsed JSON, else a Uint8Array; undefined if empty. */
  readonly data: unknown;
  readonly #session: Session;
  readonly #actions: ProxiedActions;

  /** Made by `server.connect`. */
  constructor(session: Session, clients: ClientHub, data: unknown, actions: ProxiedActions) {
    super(session, clients);
    this.data = data;
    this.#session = session;
    this.#actions = actions;
  }

  /** Subscribes to a channel, and resolves with the data that the client gets. @throws RefusedError */
  async subscribe(channel: string, options: ClientSubscribeOptions = {}): Promise<ClientReply> {
    return this.#while(() => this.#actions.subscribe(channel, options));
  }

  /** Publishes as this client. The publication carries the client's info. @throws RefusedError */
  async publish(channel: string, data: unknown): Promise<void> {
    return this.#while(() => this.#actions.publish(channel, data));
  }

  /** Calls a method of the backend, and resolves with the data of its answer. @throws RefusedError */
  async rpc(method: string, data?: unknown): Promise<ClientReply> {
    return this.#while(() => this.#actions.rpc(method, data));
  }

  async #while<T>(work: () => Promise<T>): Promise<T> {
    const { disconnected, client } = this.#session;
    if (disconnected !== undefined) throw new Error(`client ${client} is disconnected`);
    return work();
  }
}
