import { Code } from "@connectrpc/connect";
import { asUnprocessed } from "../../limits/run-within.ts";
import { closedFailure } from "../transport-calls.ts";
import { connectionFailure } from "../transport-failure.ts";
import type { LoadLimits, Waiter } from "../waiting-calls.ts";
import { WaitingCalls } from "../waiting-calls.ts";
import { Connection } from "./connection.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/** Calls that are sent at a time, where the server does not permit fewer. */
const defaultMaxInFlight = 1_000;

/**
 * The connections of a gRPC client: one that takes calls, at most two that are being made, and some that leave and finish the
 * calls that they took. A call gets a connection at once, or waits in a queue until one has room. A connection is made only
 * for a call that waits. It outlives that call, and where the call ran out of time, the next one has a second connection made
 * beside it; the first that is there takes the calls.
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
  /** The start of a time of `pingTimeoutMs`, and how many connections were replaced in it. */
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

  /** Starts a call on a connection that has room, now or later, or rejects it where there is none. */
  start(waiter: Waiter<Connection>): void {
    const ready = this.#waiting.length === 0 ? this.#ready : undefined;
    if (this.#isClosed) waiter.call.reject(asUnprocessed(closedFailure()));
    else if (ready !== undefined) waiter.start(ready);
    else {
      // Calls that wait for a connection have their places, as soon as it is there.
      const isThere = this.#current?.isOpen && !this.#current.isSilent;
      this.#waiting.add(waiter, isThere ? 0 : this.#mostInFlight);
      this.#serve();
    }
  }

  /** A call on a connection ran out of time. @param signs the connection's when the call began */
  onTimeout(connection: Connection, signs: number): void {
    // The server may be slow; or the connection is gone without a word, and every call on it would time out.
    if (connection.signs === signs && !connection.ask()) this.replace(connection);
  }

  /**
   * Has new calls go to a new connection. The old one finishes its calls.
   *
   * @param most how many connections may be replaced within `pingTimeoutMs`
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

  /** The connection to open a stream on at once. */
  get #ready(): Connection | undefined {
    if (!this.#current?.hasRoom) return undefined;
    let inFlight = 0;
    for (const { streams } of this.#open) inFlight += streams;
    return inFlight < this.#mostInFlight ? this.#current : undefined;
  }

  readonly #onChange = (connection: Connection) => {
    if (this.#making.includes(connection)) this.#onMade(connection);
    if (connection.isClosed) this.#open.delete(connection);
    if (this.#waiting.length > 0) this.#serve();
  };

  /** A connection was made, or could not be made. */
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

  /** Gives places to calls that wait, or sees to it that there will be some. */
  #serve(): void {
    for (let ready = this.#ready; ready !== undefined && this.#waiting.length > 0; ready = this.#ready)
      this.#waiting.next(ready);
    if (this.#waiting.length === 0) return;
    if (!this.#current?.isOpen) this.#make();
    else if (this.#current.isSilent) this.#current.wake();
  }

  #make(): void {
    for (const connection of this.#making) connection.hold(true);
    if (this.#isClosed || this.#making.some(({ isLate }) => !isLate)) return;
    // Both have kept calls waiting for too long: the older one gives way.
    const [older] = this.#making.length > 1 ? this.#making.splice(0, 1) : [];
    older?.abort(new Error("another connection is made instead"));
    const connection = new Connection(this.origin, this.#settings, this.#onChange);
    this.#making.push(connection);
    this.#open.add(connection);
  }
}
