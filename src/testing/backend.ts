import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import { BatchRequestSchema } from "../../gen/centrifugal/centrifugo/api/api_pb.ts";
import type { Method } from "../methods.ts";
import type { CallTransport, RecordedCall } from "./calls.ts";
import { recordCall } from "./calls.ts";
import { ConnectedClient } from "./clients/connected-client.ts";
import { Session } from "./clients/session.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { CentrifugoConfig } from "./config/config-shape.ts";
import { readConfig } from "./config/read-config.ts";
import type { ChannelOptions } from "./config/server-options.ts";
import { ApiError } from "./engine/api-error.ts";
import { runBatch } from "./engine/batch.ts";
import { Engine } from "./engine/engine.ts";
import { findChannelOptions } from "./engine/namespaces.ts";
import { payloadBytes } from "./engine/payload.ts";
import type { Fault, FaultOptions } from "./faults.ts";
import { FaultError, Faults } from "./faults.ts";

/** What a test server is made of, with sockets or without. */
export interface BackendOptions {
  /** Centrifugo's own configuration. Without one: key "api_key", history and presence on, no namespaces. */
  readonly config?: CentrifugoConfig | undefined;
  /** What tells the time; by default `Date`. Delays of faults and waiting for pushes are in real time. */
  readonly clock?: Clock | undefined;
}

/** The client that `connect` makes. */
export interface ConnectOptions {
  /** The user's id; by default "", an anonymous one. */
  readonly user?: string;
  /** The id of the connection; by default a new UUID. */
  readonly client?: string;
  /** Channels to subscribe to at once. */
  readonly channels?: readonly string[];
  /** What others see of the connection in presence: JSON, or a Uint8Array as it is. */
  readonly info?: unknown;
}

/** One server without its sockets: the engine, what it was sent, how it is to fail, and its connected clients. */
export class Backend {
  readonly engine: Engine;
  readonly calls: RecordedCall[] = [];
  readonly faults = new Faults();
  readonly #closing = new AbortController();

  constructor({ config, clock = systemClock }: BackendOptions) {
    this.engine = new Engine(readConfig(config), clock);
  }

  /**
   * Answers a call with its result, or for `batch` with the whole response.
   *
   * @throws ApiError, or FaultError where the test ordered one.
   */
  async handle(
    method: Method,
    message: Message,
    transport: CallTransport,
    headers: RecordedCall["headers"],
  ): Promise<Message> {
    this.calls.push(recordCall(method, message, transport, headers));
    const fault = this.faults.take(method.name);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal: this.#closing.signal });
    if (fault?.drop || fault?.status !== undefined || fault?.grpcStatus !== undefined)
      throw new FaultError(fault);
    throwApiFault(fault);
    if (!isMessage(message, BatchRequestSchema)) return this.engine.execute(method.name, message);
    return runBatch(message, (name, command) => {
      throwApiFault(this.faults.takeForCommand(name));
      return this.engine.execute(name, command);
    });
  }

  fail(method: string, fault: Fault, options?: FaultOptions): void {
    this.faults.add(method, fault, options);
  }

  connect({ user = "", client = randomUUID(), channels = [], info }: ConnectOptions = {}): ConnectedClient {
    const session = new Session(user, client, payloadBytes(info));
    for (const channel of channels) this.#optionsFor(session, channel);
    this.engine.clients.add(session);
    for (const channel of channels) this.#subscribe(session, channel);
    return new ConnectedClient(session, this.engine.clients, {
      subscribe: (subscriber, channel) => this.#subscribe(subscriber, channel),
      publish: (publisher, channel, data) => this.#publish(publisher, channel, data),
    });
  }

  /** Ends delays and the connected clients. */
  close(): void {
    this.#closing.abort();
    this.engine.clients.shutDown();
  }

  #subscribe(session: Session, channel: string): void {
    const { presence, joinLeave, forcePushJoinLeave } = this.#optionsFor(session, channel);
    this.engine.clients.subscribe(session, channel, {
      chanInfo: new Uint8Array(),
      emitPresence: presence,
      emitJoinLeave: joinLeave,
      pushJoinLeave: forcePushJoinLeave,
      expiresAt: Number.POSITIVE_INFINITY,
    });
  }

  #publish(session: Session, channel: string, data: unknown): void {
    const { history } = this.#optionsFor(session, channel);
    this.engine.streams.publish(channel, {
      data: payloadBytes(data),
      tags: {},
      info: session.info(session.subscriptions.get(channel)?.chanInfo),
      idempotencyKey: "",
      history,
      version: 0n,
      epoch: "",
    });
  }

  #optionsFor(session: Session, channel: string): ChannelOptions {
    if (session.disconnected !== undefined) throw new Error(`client ${session.client} is disconnected`);
    const options = findChannelOptions(this.engine.options, channel);
    if (options === undefined) throw new Error(`unknown channel ${channel}: its namespace is not configured`);
    return options;
  }
}

function throwApiFault(fault: Fault | undefined): void {
  if (fault?.code !== undefined) throw new ApiError(fault.code, fault.message);
}
