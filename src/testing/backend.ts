import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { DescService, Message } from "@bufbuild/protobuf";
import { CentrifugoApi } from "#api";
import type { CentProxy } from "../proxy/create-proxy.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { methodTable } from "../schema/method-table.ts";
import type { DefaultService } from "../schema/service-types.ts";
import { ApiError } from "./brokers/api-error.ts";
import { payloadBytes } from "./brokers/payload.ts";
import type { CallTransport, RecordedCall } from "./calls.ts";
import { recordCall } from "./calls.ts";
import { ConnectedClient } from "./clients/connected-client.ts";
import { Session } from "./clients/session.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { CentrifugoConfig } from "./config/config-shape.ts";
import { defaultConfig, readConfig } from "./config/read-config.ts";
import type { ChannelOptions } from "./config/server-options.ts";
import { withProxy } from "./config/with-proxy.ts";
import { Engine } from "./engine/engine.ts";
import { findChannelOptions } from "./engine/namespaces.ts";
import type { Fault, FaultOptions } from "./faults.ts";
import { FaultError, Faults } from "./faults.ts";
import { runForeign } from "./foreign-messages.ts";
import { runBatch } from "./methods/batch.ts";
import { execute, isOpenSource } from "./methods/execute.ts";
import { Gate } from "./proxy/gate.ts";
import type { ProxyTransport } from "./proxy/proxy-caller.ts";
import { settingsOf } from "./proxy/proxy-settings.ts";
import type { TokenVerifier } from "./proxy/token-result.ts";
import type { TestMethods } from "./test-methods.ts";
import { OwnMethods } from "./test-methods.ts";

/** Options of a test server, with sockets or without. */
export interface BackendOptions<Service extends DescService = DefaultService> {
  /** Centrifugo's configuration. Default: key "api_key", history and presence on, no namespaces. */
  readonly config?: CentrifugoConfig | undefined;
  /** The server's clock. Default: `Date`. Delays of faults and waits for pushes take real time. */
  readonly clock?: Clock | undefined;
  /** The server's API, generated from another api.proto. Default: this package's API. */
  readonly service?: Service | undefined;
  /** Handlers for further methods, such as Centrifugo PRO's. They also replace the server's own methods. */
  readonly methods?: TestMethods<Service> | undefined;
}

/** Options of a test server whose clients may do what a proxy or tokens allow. */
export interface ProxiedOptions {
  /**
   * The proxy of the application. `connect`, and the clients' `subscribe`, `publish` and `rpc` ask its handlers, as Centrifugo
   * would. Where `config` has no proxy, the settings of `proxy.config()` are added to it.
   */
  readonly proxy: CentProxy;
  /** The transport of the questions, without a socket. Streams are always on gRPC. Default "http". */
  readonly proxyTransport?: ProxyTransport | undefined;
  /** Made by `createTokens`; verifies the tokens with which clients connect and subscribe. */
  readonly tokens?: TokenVerifier | undefined;
}

/** Options of `connect`. */
export interface ConnectOptions {
  /** The user's id. Default: "", the anonymous user. */
  readonly user?: string;
  /** The id of the connection. Default: a new UUID. */
  readonly client?: string;
  /** Channels to subscribe to. Default: none. */
  readonly channels?: readonly string[];
  /** The connection's info in presence: a JSON value, or a Uint8Array as it is. Default: none. */
  readonly info?: unknown;
}

/** One server without its sockets: engine, recorded calls, ordered faults and connected clients. */
export class Backend {
  readonly table: MethodTable;
  readonly engine: Engine;
  /** Undefined without a proxy: clients may do everything then. */
  readonly gate: Gate | undefined;
  calls: RecordedCall[] = [];
  readonly faults: Faults;
  readonly #own: OwnMethods;
  readonly #closing = new AbortController();

  /** @throws TestConfigError; TypeError for a service that is not Centrifugo's, or for `methods` that it lacks. */
  constructor(
    options: Omit<BackendOptions<DescService>, "methods"> &
      Partial<ProxiedOptions> & { readonly methods?: object | undefined },
  ) {
    const { config = defaultConfig, clock = systemClock, service = CentrifugoApi, methods } = options;
    const { proxy, proxyTransport = "http", tokens } = options;
    this.table = methodTable(service);
    const added = config === defaultConfig ? config.channel?.without_namespace : {};
    const complete = proxy && withProxy(config, settingsOf(proxy), { ...added });
    this.engine = new Engine(readConfig(complete ?? config, proxy !== undefined), clock);
    this.gate = proxy && new Gate(this.engine, proxy, proxyTransport, tokens);
    this.#own = new OwnMethods(this.table, methods);
    this.faults = new Faults(this.table, (method) => this.has(method));
  }

  /** Whether the server has a method of its API. Centrifugo PRO's and new methods need a handler of the test. */
  has(method: Method): boolean {
    return method === this.table.batch || this.#own.has(method) || isOpenSource(method.name);
  }

  /**
   * Runs a call, and returns its result, or for `batch` the whole response.
   *
   * @throws ApiError; FaultError for a status or an end of the connection that the test ordered.
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
    if (method !== this.table.batch) return this.#run(method, message);
    return runBatch(this.table, message, (named, command) => {
      throwApiFault(this.faults.takeForCommand(named.name));
      return this.#run(named, command);
    });
  }

  #run(method: Method, message: Message): Message {
    if (this.#own.has(method)) return this.#own.run(method, message);
    return runForeign(this.table, method, message, (name, request) => execute(this.engine, name, request));
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

  /** Ends the delays of faults, and the connected clients. */
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
