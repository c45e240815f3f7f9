import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { ConnectionSettings } from "./connection-settings.ts";
import { LazyTimer } from "./lazy-timer.ts";
import { openHttp2 } from "./open-http2.ts";

/** PINGs after calls that timed out, between two signs of life: a gRPC server ends a connection after a third one. */
const mostPings = 2;
/** HTTP/2 counts streams up to here, by odd numbers: 10,000 calls a second use them up in a day. */
const lastStreamId = 2 ** 31 - 1;

/**
 * One HTTP/2 connection. It keeps the process alive while calls wait for it to be made, while it is asked, and while it has
 * streams.
 * - connecting: until the server's settings come
 * - open: takes streams, as many at a time as the server permits; where it has none for the idle time, it is leaving
 * - silent: nothing came for the ping interval, so it is asked by a PING, while streams wait or before the next one; the
 *   answer makes it open again, and none closes it
 * - leaving: the server told it to go away, it was retired, it has opened its last stream, or it was idle; it finishes what
 *   it took, and closes after the last stream
 * - closed: the socket is gone, or the session aborted it; there is no way back
 *
 * connect-node's Http2SessionManager does the same, but sets timers anew with each response and each piece of one, and
 * makes promises for each stream, all of which shows in the time of a call. It also has no {@link ask}.
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
  /** How often something came from the server. */
  #signs = 0;
  /** Why it could not be made. */
  failure: Error | undefined;
  /** Whether a call ran out of time while the connection was being made. */
  isLate = false;

  /** @param onChange is told when it takes streams, has room for one, takes no more, or is closed */
  constructor(origin: string, settings: ConnectionSettings, onChange: (connection: Connection) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#session = openHttp2(origin, settings, (failure) => this.#onMade(failure));
    this.#silence = new LazyTimer(
      () => settings.pingIntervalMs,
      () => this.#streams > 0 || settings.pingIdleConnection,
      () => this.#ping(),
    );
    this.#idleness = new LazyTimer(
      () => settings.idleConnectionTimeoutMs,
      () => this.#streams === 0,
      () => this.retire(),
    );
    this.#session.on("remoteSettings", () => {
      if (this.#isMade) this.#onChange(this);
    });
    // Node emits it before it destroys the session, and then closes all streams with the same code.
    this.#session.on("goaway", (_code, lastId, said) => {
      this.#lastProcessedId = lastId;
      this.#isLeaving = true;
      // gRPC's proposal A8: a client that pings too often does it half as often from now on.
      if (new TextDecoder().decode(said) === "too_many_pings") settings.pingIntervalMs *= 2;
      this.#onChange(this);
    });
    this.#session.once("close", () => {
      this.#silence.stop();
      this.#idleness.stop();
      this.#onChange(this);
    });
  }

  /** Whether it takes streams, now or when it has room and was asked. */
  get isOpen(): boolean {
    return this.#isMade && !this.#isLeaving && !this.#session.closed && !this.#session.destroyed;
  }

  /** Whether it must be asked before it is used: nothing came from it for long. */
  get isSilent(): boolean {
    return this.#silence.elapsedMs > this.#settings.pingIntervalMs;
  }

  /** Whether a stream can be opened at once. */
  get hasRoom(): boolean {
    if (!this.isOpen || this.isSilent) return false;
    // Node keeps the settings until there are others.
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

  /** Whether it keeps the process alive, while it is being made. */
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

  /** A stream of this connection was closed. */
  streamClosed(): void {
    if (--this.#streams === 0) {
      if (this.#isLeaving) this.#session.close();
      this.#session.unref();
      this.#idleness.restart();
    }
    this.#onChange(this);
  }

  /** Whether the server says that it has processed nothing of a stream that was closed. */
  hasRefused({ id, rstCode }: ClientHttp2Stream): boolean {
    if (id === undefined || id > this.#lastProcessedId) return true;
    // After a GOAWAY, Node closes streams with its code.
    return rstCode === constants.NGHTTP2_REFUSED_STREAM && this.#lastProcessedId === lastStreamId;
  }

  /** Something came from the server. */
  heard(): void {
    this.#silence.happened();
    this.#pings = 0;
    this.#signs++;
  }

  /**
   * Asks whether the connection is still there, and gives it up for all its calls where nobody answers. False where it was
   * asked too often since the server last sent something.
   */
  ask(): boolean {
    if (this.#isPinging || this.isClosed) return true;
    if (this.#pings === mostPings) return false;
    this.#pings++;
    this.#ping();
    return true;
  }

  /** Asks it before the next stream, as it was silent for long. */
  wake(): void {
    this.#ping();
  }

  /** Takes no more streams, and closes after the last one. */
  retire(): void {
    this.#isLeaving = true;
    if (this.#streams === 0) this.#session.close();
  }

  abort(reason: Error): void {
    if (!this.isClosed) this.#session.destroy(reason, constants.NGHTTP2_CANCEL);
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

  /** Asks the other end's HTTP/2 layer; the connection is given up where it does not answer. */
  #ping(): void {
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
      // Calls may wait for the answer, whoever asked.
      this.#onChange(this);
    });
  }
}
