import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { connect, constants } from "node:http2";
import type { TlsOptions } from "../tls.ts";
import { networkFailure } from "../transport-failure.ts";
import { AliveTimers } from "./alive-timers.ts";
import type { ConnectionSettings } from "./connection-settings.ts";

/** How often a call that timed out may have its connection asked; answers to other calls let the server forget it. */
const verifyIntervalMs = 60_000;
/** Without it, a connection that gets stuck in its TLS handshake would take all later calls down with it. */
const connectTimeoutMs = 30_000;
/** Megabytes that Node may hold for one session, 10 by default: too few for many large calls at once. */
const maxSessionMemory = 512;
/** Bytes that may be on their way before the server waits for us. HTTP/2's 64 KiB make a large history crawl. */
const windowSize = 16 * 1024 * 1024;

/** HTTP/2 counts streams up to here, by odd numbers. At 10,000 calls a second that is a day; connections must end before. */
const lastStreamId = 2 ** 31 - 1;

/**
 * One HTTP/2 connection: it keeps the process alive while it has streams, pings while it is silent, and ends idle. It
 * behaves as those of connect-node's Http2SessionManager do, which sets timers anew with each reply and each piece of
 * one, and makes promises for each stream, all of which shows in the time of a call; nor can it be asked whether a
 * connection is still there on which a call ran out of time.
 */
export class Connection {
  /** Rejects where the connection could not be made. */
  readonly connected: Promise<void>;
  private readonly session: ClientHttp2Session;
  private readonly settings: ConnectionSettings;
  private readonly timers: AliveTimers;
  private streams = 0;
  private isConnected = false;
  private isUsedUp = false;
  private pinging: Promise<boolean> | undefined;
  private verifiedAt = Number.NEGATIVE_INFINITY;

  constructor(origin: string, tls: TlsOptions | undefined, settings: ConnectionSettings) {
    this.settings = settings;
    const http2 = { initialWindowSize: windowSize };
    const session = connect(origin, { ...tls, maxSessionMemory, settings: http2 });
    this.session = session;
    this.timers = new AliveTimers(settings, {
      isBusy: () => this.streams > 0,
      ping: () => this.ping(),
      idle: () => session.close(),
    });
    this.connected = this.untilConnected();
    // Whoever waited for it may have gone: its deadline passed.
    this.connected.catch(() => {});
    // Node closes a session that is told to go away, after the streams that it has.
    session.on("goaway", (_code, _lastStream, said) => {
      // gRPC's proposal A8: who pings too often does it half as often from now on.
      if (said !== undefined && textOf(said) === "too_many_pings") settings.pingIntervalMs *= 2;
    });
    session.once("close", () => this.timers.stop());
    // The error comes to the streams, too, and a session without a listener would end the process with it.
    session.on("error", () => {});
  }

  /** Whether it takes streams, now or as soon as it is connected. */
  get isUsable(): boolean {
    return !this.isUsedUp && !this.session.closed && !this.session.destroyed;
  }

  /** Whether a stream can be opened at once: it is there, and was heard of not too long ago. */
  get isReady(): boolean {
    return this.isConnected && this.isUsable && this.timers.silenceMs <= this.settings.pingIntervalMs;
  }

  get isClosed(): boolean {
    return this.session.destroyed;
  }

  /** Makes it ready, or finds that it is of no use any more. */
  async prepare(): Promise<void> {
    await this.connected;
    if (!this.isReady && this.isUsable) await this.ping();
  }

  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.session.request(headers);
    if (stream.id === lastStreamId) this.isUsedUp = true;
    if (this.streams++ === 0) {
      this.session.ref();
      this.timers.becameBusy();
    }
    return stream;
  }

  /** A stream of this connection was closed. */
  streamClosed(): void {
    if (--this.streams > 0) return;
    if (this.isUsedUp) this.session.close();
    this.session.unref();
    this.timers.becameIdle();
  }

  /** Something came from the server. */
  heard(): void {
    this.timers.heard();
  }

  /** Asks whether the connection is still there, and gives it up for all its calls where nobody answers. */
  verify(): void {
    const now = performance.now();
    if (this.session.destroyed || now - this.verifiedAt < verifyIntervalMs) return;
    this.verifiedAt = now;
    this.ping();
  }

  abort(reason: Error): void {
    if (!this.session.destroyed) this.session.destroy(reason, constants.NGHTTP2_CANCEL);
  }

  private untilConnected(): Promise<void> {
    const { session } = this;
    return new Promise((resolve, reject) => {
      const giveUp = () => this.abort(networkFailure(`no connection within ${connectTimeoutMs} ms`));
      const timer = setTimeout(giveUp, connectTimeoutMs).unref();
      const fail = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      session.once("connect", (_session, socket) => {
        // Of a client's certificate that the server refuses, the session says nothing.
        socket.once("error", fail);
        // A session that was destroyed meanwhile says this nevertheless.
        if (!session.destroyed && "setLocalWindowSize" in session) session.setLocalWindowSize(windowSize);
      });
      // Only now it is known how many streams the server takes at a time; it would refuse those beyond.
      session.once("remoteSettings", () => {
        if (session.destroyed) return;
        clearTimeout(timer);
        session.unref();
        this.isConnected = true;
        this.timers.start();
        resolve();
      });
      session.once("error", fail);
      session.once("close", () => fail(networkFailure("the connection was closed before it was made")));
    });
  }

  /** Resolves with whether the other end's HTTP/2 layer answered; the connection is given up where it did not. */
  private ping(): Promise<boolean> {
    this.pinging ??= this.answered().finally(() => {
      this.pinging = undefined;
    });
    return this.pinging;
  }

  private answered(): Promise<boolean> {
    const { session } = this;
    return new Promise((resolve) => {
      if (session.destroyed) {
        resolve(false);
        return;
      }
      const lost = new Error("the connection is gone: a PING was not answered");
      const giveUp = () => session.destroy(lost, constants.NGHTTP2_CANCEL);
      const timer = setTimeout(giveUp, this.settings.pingTimeoutMs).unref();
      session.ref();
      session.ping((error) => {
        clearTimeout(timer);
        if (error === null) this.heard();
        if (this.streams === 0 && !session.destroyed) session.unref();
        resolve(error === null);
      });
    });
  }
}

function textOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
