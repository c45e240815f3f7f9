import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { constants } from "node:http2";
import type { TlsOptions } from "../tls.ts";
import type { ConnectionSettings } from "./connection-settings.ts";
import { LazyTimer } from "./lazy-timer.ts";
import { openHttp2 } from "./open-http2.ts";

/** How often a call that timed out may have its connection asked; answers to other calls let the server forget it. */
const verifyIntervalMs = 60_000;
/** HTTP/2 counts streams up to here, by odd numbers: 10,000 calls a second use them up in a day. */
const lastStreamId = 2 ** 31 - 1;

/**
 * One HTTP/2 connection. It keeps the process alive while it is connecting, asked, or has streams.
 * - connecting: until the server's settings come
 * - ready: takes streams; where it has none for the idle time, it is leaving
 * - silent: nothing came for the ping interval, so it is asked by a PING, while streams wait or before the next one; the
 *   answer makes it ready again, and none closes it
 * - used up: it has opened its last stream, and closes when none is left
 * - leaving: the server told it to go away, or it was idle; Node takes no more streams, and closes it after the last
 * - closed: the socket is gone, or the session aborted it; there is no way back
 *
 * connect-node's Http2SessionManager does the same, but sets timers anew with each response and each piece of one, and
 * makes promises for each stream, all of which shows in the time of a call. It also has no {@link verify}.
 */
export class Connection {
  readonly #session: ClientHttp2Session;
  readonly #settings: ConnectionSettings;
  readonly #connected: Promise<void>;
  readonly #silence: LazyTimer;
  readonly #idleness: LazyTimer;
  #streams = 0;
  #isConnected = false;
  #isUsedUp = false;
  #pinging: Promise<boolean> | undefined;
  #verifiedAt = Number.NEGATIVE_INFINITY;

  constructor(origin: string, tls: TlsOptions | undefined, settings: ConnectionSettings) {
    this.#settings = settings;
    const [session, connected] = openHttp2(origin, tls);
    this.#session = session;
    this.#silence = new LazyTimer(
      () => settings.pingIntervalMs,
      () => this.#streams > 0 || settings.pingIdleConnection,
      async () => {
        if (await this.#ping()) this.#silence.start();
      },
    );
    this.#idleness = new LazyTimer(
      () => settings.idleConnectionTimeoutMs,
      () => this.#streams === 0,
      () => session.close(),
    );
    this.#connected = connected.then(() => this.#becameReady());
    // Each waiting call gets the error itself. Where all have left at their deadlines, nobody is there to get it.
    this.#connected.catch(() => {});
    session.on("goaway", (_code, _lastStream, said) => {
      // gRPC's proposal A8: a client that pings too often does it half as often from now on.
      if (new TextDecoder().decode(said) === "too_many_pings") settings.pingIntervalMs *= 2;
    });
    session.once("close", () => {
      this.#silence.stop();
      this.#idleness.stop();
    });
    // The error comes to the streams, too, and a session without a listener would end the process with it.
    session.on("error", () => {});
  }

  /** Whether it takes streams, now or as soon as it is connected. */
  get isUsable(): boolean {
    return !this.#isUsedUp && !this.#session.closed && !this.#session.destroyed;
  }

  /** Whether a stream can be opened at once: it is there, and was heard of not too long ago. */
  get isReady(): boolean {
    return this.#isConnected && this.isUsable && this.#silence.elapsedMs <= this.#settings.pingIntervalMs;
  }

  get isClosed(): boolean {
    return this.#session.destroyed;
  }

  /** Makes it ready, or finds that it is of no use any more. */
  async prepare(): Promise<void> {
    await this.#connected;
    if (!this.isReady && this.isUsable) await this.#ping();
  }

  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers);
    if (stream.id === lastStreamId) this.#isUsedUp = true;
    if (this.#streams++ === 0) {
      this.#session.ref();
      this.#silence.start();
    }
    return stream;
  }

  /** A stream of this connection was closed. */
  streamClosed(): void {
    if (--this.#streams > 0) return;
    if (this.#isUsedUp) this.#session.close();
    this.#session.unref();
    this.#idleness.restart();
  }

  /** Something came from the server. */
  heard(): void {
    this.#silence.happened();
  }

  /** Asks whether the connection is still there, and gives it up for all its calls where nobody answers. */
  verify(): void {
    const now = performance.now();
    if (this.isClosed || now - this.#verifiedAt < verifyIntervalMs) return;
    this.#verifiedAt = now;
    this.#ping();
  }

  abort(reason: Error): void {
    if (!this.isClosed) this.#session.destroy(reason, constants.NGHTTP2_CANCEL);
  }

  #becameReady(): void {
    this.#isConnected = true;
    this.heard();
    this.#idleness.restart();
    if (this.#settings.pingIdleConnection) this.#silence.start();
  }

  /** Resolves with whether the other end's HTTP/2 layer answered; the connection is given up where it did not. */
  #ping(): Promise<boolean> {
    if (this.isClosed) return Promise.resolve(false);
    this.#pinging ??= new Promise<boolean>((resolve) => {
      const giveUp = () => this.abort(new Error("the connection is gone: a PING was not answered"));
      const timer = setTimeout(giveUp, this.#settings.pingTimeoutMs).unref();
      this.#session.ref();
      this.#session.ping((error) => {
        clearTimeout(timer);
        if (error === null) this.heard();
        if (this.#streams === 0 && !this.isClosed) this.#session.unref();
        resolve(error === null);
      });
    }).finally(() => {
      this.#pinging = undefined;
    });
    return this.#pinging;
  }
}
