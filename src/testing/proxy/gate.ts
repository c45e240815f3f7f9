import type { CentProxy } from "../../proxy/create-proxy.ts";
import { disconnected, RefusedError, refused } from "../clients/refused-error.ts";
import type { Session } from "../clients/session.ts";
import type { Engine } from "../engine/engine.ts";
import { eventNamed } from "./event-request.ts";
import type { ProxyAnswer, Result } from "./proxy-answer.ts";
import { answerOf, usualFields } from "./proxy-answer.ts";
import type { ProxyTransport } from "./proxy-caller.ts";
import { ProxyCaller, ProxyStatusError } from "./proxy-caller.ts";
import type { OpenedStream } from "./proxy-stream.ts";
import { openStream } from "./proxy-stream.ts";
import type { TokenVerifier } from "./token-result.ts";

/** A connected client, and the parts of its connection that only the server and the proxy see. */
export interface Connection {
  readonly session: Session;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly meta: unknown;
  /** The streams of the proxy, by channel. */
  readonly streams: Map<string, OpenedStream>;
}

/** The gate before a server's channels and methods: it asks the proxy whether clients may pass. */
export class Gate {
  readonly engine: Engine;
  readonly tokens: TokenVerifier | undefined;
  readonly #caller: ProxyCaller;
  readonly #transport: ProxyTransport;

  constructor(
    engine: Engine,
    proxy: CentProxy,
    transport: ProxyTransport,
    tokens: TokenVerifier | undefined,
  ) {
    this.engine = engine;
    this.tokens = tokens;
    this.#caller = new ProxyCaller(proxy);
    this.#transport = transport;
  }

  /** Asks about a client that is not connected yet. @throws RefusedError */
  async askConnect(request: object, headers: Connection["headers"]): Promise<Result> {
    return this.#accept(await this.#ask("connect", request, headers), undefined);
  }

  /** Asks about a connected client. @throws RefusedError, after the end of the connection for a disconnect */
  async ask(name: string, { session, meta, headers }: Connection, request: object): Promise<Result> {
    const { user, client } = session;
    return this.#accept(await this.#ask(name, { user, client, meta, ...request }, headers), session);
  }

  /** Opens a stream for a connected client. @throws RefusedError */
  async open(name: string, { session, meta, headers }: Connection, request: object): Promise<OpenedStream> {
    const { user, client } = session;
    const event = eventNamed(name);
    const filled = { ...usualFields(event), user, client, meta, ...request };
    const stream = await answered(() => openStream(this.#caller, event, filled, { headers }));
    try {
      this.#accept(stream.answer, session);
    } catch (error) {
      stream.close();
      // Centrifugo forgets that the client may try again.
      throw error instanceof RefusedError && error.kind === "error"
        ? new RefusedError("error", error.code, error.message, false)
        : error;
    }
    return stream;
  }

  async #ask(name: string, request: object, headers: Connection["headers"]): Promise<ProxyAnswer> {
    const event = eventNamed(name);
    const filled = { ...usualFields(event), ...request };
    const options = { transport: this.#transport, headers };
    return answerOf(event, await answered(() => this.#caller.ask(event, filled, options)));
  }

  #accept({ result, error, disconnect }: ProxyAnswer, session: Session | undefined): Result {
    if (disconnect !== undefined) {
      if (session !== undefined) this.engine.clients.disconnect(session, disconnect.code, disconnect.reason);
      throw disconnected(disconnect.code, disconnect.reason);
    }
    if (error !== undefined)
      throw new RefusedError("error", error.code, error.message, error.temporary === true);
    if (session?.disconnected !== undefined) throw new Error(`client ${session.client} is disconnected`);
    return result as Result;
  }
}

/** An answer that is a status means error 100 for the client. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof ProxyStatusError ? refused(100) : error;
  }
}
