import type { ClientHub } from "./client-hub.ts";
import { ClientView } from "./client-view.ts";
import type { Session } from "./session.ts";

/** A client that is connected to the test server without a socket. It records each push of the server. */
export class ConnectedClient extends ClientView {
  readonly #session: Session;
  readonly #join: (session: Session, channel: string) => void;
  readonly #publish: (session: Session, channel: string, data: unknown) => void;

  /** Made by `server.connect`. */
  constructor(
    session: Session,
    clients: ClientHub,
    actions: {
      subscribe: (session: Session, channel: string) => void;
      publish: (session: Session, channel: string, data: unknown) => void;
    },
  ) {
    super(session, clients);
    this.#session = session;
    this.#join = actions.subscribe;
    this.#publish = actions.publish;
  }

  /**
   * Subscribes to a channel from the client's side, without a check of permissions.
   *
   * @throws Error for a channel whose namespace is not configured, and on a closed connection.
   */
  subscribe(channel: string): void {
    this.#join(this.#session, channel);
  }

  /**
   * Publishes as this client. The publication carries the client's info.
   *
   * @throws Error for a channel whose namespace is not configured, and on a closed connection.
   */
  publish(channel: string, data: unknown): void {
    this.#publish(this.#session, channel, data);
  }
}
