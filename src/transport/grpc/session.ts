import { Code } from "../../limits/connect-error.ts";
import { asUnprocessed } from "../../limits/run-within.ts";
import { closedFailure } from "../transport-calls.ts";
import { connectionFailure } from "../transport-failure.ts";
import type { LoadLimits, Waiter } from "../waiting-calls.ts";
import { WaitingCalls } from "../waiting-calls.ts";
import { Connection } from "./connection.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/** Calls in flight at a time, unless the server permits fewer. */
const defaultMaxInFlight = 1_000;

/**
 * The connections of a gRPC client: one that takes calls, at most two that open, and old ones that finish their calls. A call
 * starts at once, or waits in a queue until a connection has room. A connection opens only for a waiting call. If that call
 * times out before the connection is open, the next call opens a second one. The first to open takes the calls.
 */
export class GrpcSession {
  /** The address of the server, without a path. */
  readonly origin: string;
  readonly #settings: ConnectionSettings;
  readonly #mostInFlight: number;
  readonly #waiting: WaitingCalls<Connection>;
  readonly #open = new Set<Connection>();
  #making: Connection[] = [];
  #current: Connection | undefined;
  /** Start of the current period of `pingTimeoutMs`, and the connections replaced in it. */
  #replacedAt = Number.NEGATIVE_INFINITY;
  #replaced = 0;
  #isClosed = false;

  constructor(baseUrl: string, settings: ConnectionSettings, limits: LoadLimits = {}) {
    this.origin = new URL(baseUrl).origin;
    this.#settings = settings;
    this.#mostInFlight = limits.maxInFlight ?? defaultMaxInFlight;
    this.#waiting = new WaitingCalls(limits, ({ code }) => {
      if (code === Code.DeadlineExceeded) for (const connection of this.#making) connection.isLate = true;
      if (this.#waiting.length === 0) for (const connection of this.#making) connection.hold(false);
    });
  }

  /** Starts a call on a connection with room, now or later. Rejects it if the client is closed or the queue full. */
  start(waiter: Waiter<Connection>): void {
    const ready = this.#waiting.length === 0 ? this.#ready : undefined;
    if (this.#isClosed) waiter.call.reject(asUnprocessed(closedFailure()));
    else if (ready !== undefined) waiter.start(ready);
    else {
      // A new connection takes `mostInFlight` calls at once, so `maxQueued` does not count them.
      const isThere = this.#current?.isOpen && !this.#current.isSilent;
      this.#waiting.add(waiter, isThere ? this.#closing : this.#mostInFlight);
      this.#serve();
    }
  }

  /** Handles a call's timeout. @param signs the connection's `signs` when the call began */
  onTimeout(connection: Connection, signs: number): void {
    // The server is slow, or the connection is silently gone and every call on it would time out.
    if (connection.signs === signs && !connection.ask()) this.replace(connection);
  }

  /**
   * Sends new calls to a new connection. The old one finishes its calls.
   *
   * @param most replacements allowed within `pingTimeoutMs`
   */
  replace(connection: Connection, most = 1): void {
    if (connection !== this.#current || !connection.isOpen) return;
    const now = performance.now();
    if (now - this.#replacedAt >= this.#settings.pingTimeoutMs) {
      this.#replacedAt = now;
      this.#replaced = 0;
    }
    if (this.#replaced >= most) return;
    this.#replaced++;
    connection.retire();
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open) connection.abort(closedFailure());
  }

  /** The connection that can open a stream now. */
  get #ready(): Connection | undefined {
    if (!this.#current?.hasRoom) return undefined;
    let inFlight = 0;
    for (const { streams } of this.#open) inFlight += streams;
    return inFlight < this.#mostInFlight ? this.#current : undefined;
  }

  /** Streams that are about to close. Each gives its place to a call, which `maxQueued` does not count either. */
  get #closing(): number {
    let closing = 0;
    for (const connection of this.#open) closing += connection.closing;
    return closing;
  }

  readonly #onChange = (connection: Connection) => {
    if (this.#making.includes(connection)) this.#onMade(connection);
    if (connection.isClosed) this.#open.delete(connection);
    if (this.#waiting.length > 0) this.#serve();
  };

  /** Handles a connection that has opened, or failed to. */
  #onMade(connection: Connection): void {
    if (connection.isOpen) {
      const others = this.#making.filter((other) => other !== connection);
      this.#making = [];
      this.#current = connection;
      for (const other of others) other.abort(new Error("another connection was there first"));
    } else if (connection.failure !== undefined) {
      const { failure } = connection;
      this.#making = this.#making.filter((other) => other !== connection);
      if (this.#making.length === 0)
        this.#waiting.rejectAll(() => asUnprocessed(connectionFailure(failure, this.origin)));
    }
  }

  /** Starts waiting calls. For the rest, opens a connection or wakes a silent one. */
  #serve(): void {
    for (let ready = this.#ready; ready !== undefined && this.#waiting.length > 0; ready = this.#ready)
      this.#waiting.next(ready);
    if (this.#waiting.length === 0) return;
    if (!this.#current?.isOpen) this.#make();
    else if (this.#current.isSilent) this.#current.ping();
  }

  #make(): void {
    for (const connection of this.#making) connection.hold(true);
    if (this.#isClosed || this.#making.some(({ isLate }) => !isLate)) return;
    // Calls have timed out on both opening connections: drop the older one.
    const [older] = this.#making.length > 1 ? this.#making.splice(0, 1) : [];
    older?.abort(new Error("another connection is made instead"));
    const connection = new Connection(this.origin, this.#settings, this.#onChange);
    this.#making.push(connection);
    this.#open.add(connection);
  }
}
