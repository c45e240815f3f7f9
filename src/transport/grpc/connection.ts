import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { ConnectionSettings } from "./connection-settings.ts";
import { LazyTimer } from "./lazy-timer.ts";
import { openHttp2 } from "./open-http2.ts";
import { resetCodes } from "./reset-codes.ts";

/** PINGs allowed after timed-out calls, until the server sends something. At the third, a gRPC server disconnects. */
const mostPings = 2;
/** HTTP/2's last client stream id. Ids are odd: 10,000 calls a second use them up in 30 hours. */
const lastStreamId = 2 ** 31 - 1;

/**
 * One HTTP/2 connection. It keeps the process alive while calls wait for it to open, while a PING is unanswered, and while it
 * has streams.
 * - connecting: the server's settings have not arrived yet
 * - open: it takes streams, up to the server's limit
 * - silent: nothing arrived for the ping interval. It sends a PING while streams are open, or before the next one. With the
 *   answer it is open again; without an answer it closes
 * - leaving: GOAWAY, `retire`, the last stream id or the idle time. It takes no streams, and closes after its last one
 * - closed: the socket is gone, or `abort` was called. This state is final
 *
 * connect-node's Http2SessionManager sets timers with each chunk and makes promises for each stream. A publish with 64 in
 * flight takes 388 µs with connect-node, and 102 µs here. The manager also has no {@link ask}.
 */
export class Connection {
  readonly #session: ClientHttp2Session;
  readonly #settings: ConnectionSettings;
  readonly #onChange: (connection: Connection) => void;
  readonly #silence: LazyTimer;
  readonly #idleness: LazyTimer;
  #streams = 0;
  #lastProcessedId = lastStreamId;
  #isMade = false;
  #isLeaving = false;
  #isPinging = false;
  #pings = 0;
  /** Counts the responses and chunks from the server. */
  #signs = 0;
  /** Streams whose calls have ended. Node closes each stream some turns later. */
  closing = 0;
  /** Why the connection failed to open. */
  failure: Error | undefined;
  /** Whether a call timed out while the connection was opening. */
  isLate = false;

  /** @param onChange called when it opens or fails to, has room, takes no more streams, or is closed */
  constructor(origin: string, settings: ConnectionSettings, onChange: (connection: Connection) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#session = openHttp2(origin, settings, (failure) => this.#onMade(failure));
    this.#silence = new LazyTimer(
      () => settings.pingIntervalMs,
      () => this.#streams > 0 || settings.pingIdleConnection,
      () => this.ping(),
    );
    this.#idleness = new LazyTimer(
      () => settings.idleConnectionTimeoutMs,
      () => this.#streams === 0,
      () => this.retire(),
    );
    this.#session.on("remoteSettings", () => {
      if (this.#isMade) this.#onChange(this);
    });
    // Node emits this event before it destroys the session, and then closes all streams with the same code.
    this.#session.on("goaway", (_code, lastId, said) => {
      this.#lastProcessedId = lastId;
      this.#isLeaving = true;
      // gRPC proposal A8: after too_many_pings the client doubles its ping interval.
      if (new TextDecoder().decode(said) === "too_many_pings") settings.pingIntervalMs *= 2;
      this.#onChange(this);
    });
    this.#session.once("close", () => {
      this.#silence.stop();
      this.#idleness.stop();
      this.#onChange(this);
    });
  }

  /** Whether the connection takes streams, if not now then after a PING or when it has room. */
  get isOpen(): boolean {
    return this.#isMade && !this.#isLeaving && !this.#session.closed && !this.#session.destroyed;
  }

  /** Whether nothing arrived for the ping interval, so that a PING must precede the next stream. */
  get isSilent(): boolean {
    return this.#silence.elapsedMs > this.#settings.pingIntervalMs;
  }

  /** Whether a stream can be opened at once. */
  get hasRoom(): boolean {
    if (!this.isOpen || this.isSilent) return false;
    // Cheap: Node caches the settings until the server sends others.
    const { maxConcurrentStreams } = this.#session.remoteSettings;
    return this.#streams < (maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
  }

  get isClosed(): boolean {
    return this.#session.destroyed;
  }

  get streams(): number {
    return this.#streams;
  }

  get signs(): number {
    return this.#signs;
  }

  /** Whether the connection keeps the process alive while it opens. */
  hold(holds: boolean): void {
    if (holds) this.#session.ref();
    else this.#session.unref();
  }

  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers);
    if (stream.id === lastStreamId) this.#isLeaving = true;
    if (this.#streams++ === 0) {
      this.#session.ref();
      this.#silence.start();
    }
    return stream;
  }

  streamClosed(): void {
    if (--this.#streams === 0) {
      if (this.#isLeaving) this.#session.close();
      this.#session.unref();
      this.#idleness.restart();
    }
    this.#onChange(this);
  }

  /** Whether the server declared a closed stream unprocessed: by REFUSED_STREAM, or by GOAWAY's last id. */
  hasRefused({ id, rstCode }: ClientHttp2Stream): boolean {
    if (id === undefined || id > this.#lastProcessedId) return true;
    // After a GOAWAY, Node closes all streams with GOAWAY's code, so the code says nothing.
    return rstCode === resetCodes.REFUSED_STREAM && this.#lastProcessedId === lastStreamId;
  }

  /** Call it when a response or chunk has arrived. */
  heard(): void {
    this.#silence.happened();
    this.#pings = 0;
    this.#signs++;
  }

  /**
   * Sends a PING, and closes the connection for all its calls if no answer comes. False if `mostPings` were sent since the
   * server last sent something.
   */
  ask(): boolean {
    if (this.#isPinging || this.isClosed) return true;
    if (this.#pings === mostPings) return false;
    this.#pings++;
    this.ping();
    return true;
  }

  /** Sends a PING, and closes the connection if the answer is late. */
  ping(): void {
    if (this.#isPinging || this.isClosed) return;
    this.#isPinging = true;
    const giveUp = () => this.abort(new Error("the connection is gone: a PING was not answered"));
    const timer = setTimeout(giveUp, this.#settings.pingTimeoutMs).unref();
    this.#session.ref();
    this.#session.ping((error) => {
      clearTimeout(timer);
      this.#isPinging = false;
      if (this.#streams === 0 && !this.isClosed) this.#session.unref();
      if (error !== null) return;
      this.#silence.happened();
      this.#silence.start();
      // Calls may wait for this answer.
      this.#onChange(this);
    });
  }

  /** Takes no more streams, and closes after the last one. */
  retire(): void {
    this.#isLeaving = true;
    if (this.#streams === 0) this.#session.close();
  }

  abort(reason: Error): void {
    if (!this.isClosed) this.#session.destroy(reason, resetCodes.CANCEL);
  }

  #onMade(failure: Error | undefined): void {
    this.failure = failure;
    this.#isMade = failure === undefined;
    if (this.#isMade) {
      this.#session.unref();
      this.#silence.happened();
      this.#idleness.restart();
      if (this.#settings.pingIdleConnection) this.#silence.start();
    }
    this.#onChange(this);
  }
}
