import type { Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { readMessage } from "../../codec/json/read-message.ts";
import { writeMessage } from "../../codec/json/write-message.ts";
import type { CentProxy } from "../../proxy/create-proxy.ts";
import type { ProxyEvent } from "../../schema/event-table.ts";
import { requestMessage } from "./event-request.ts";
import type { Circumstances, Streaming, Unary } from "./proxy-routes.ts";
import { carried, onTheWire, routesOf } from "./proxy-routes.ts";
import { secretHeaderOf, settingsOf } from "./proxy-settings.ts";

/** The way of a question to the proxy, without a socket. */
export type ProxyTransport = "http" | "grpc";

/** The circumstances of a question. */
export interface CallProxyOptions {
  /** The transport of the question. Streams are on gRPC only. Default: "http", for streams "grpc". */
  readonly transport?: ProxyTransport | undefined;
  /** Headers that Centrifugo passes on, such as those of the client. The secret needs no header here. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Aborts the question, as Centrifugo does when it hangs up. */
  readonly signal?: AbortSignal | undefined;
}

/** The proxy gave a status in place of an answer. Centrifugo takes that as error 100, and grants time to what goes on. */
export class ProxyStatusError extends Error {
  override readonly name = "ProxyStatusError";
}

/** Asks a proxy as Centrifugo does, with the secret, through all of the proxy but the socket. */
export class ProxyCaller {
  readonly #proxy: CentProxy;
  readonly #secret: readonly [name: string, value: string] | undefined;
  readonly #routes: Readonly<Record<string, unknown>>;

  constructor(proxy: CentProxy) {
    this.#proxy = proxy;
    this.#secret = secretHeaderOf(settingsOf(proxy));
    this.#routes = routesOf(proxy);
  }

  /** Asks about an event, and gives the response. @throws TypeError for a wrong request; ProxyStatusError */
  async ask(event: ProxyEvent, request: object, options: CallProxyOptions = {}): Promise<Message> {
    const message = requestMessage(event, request);
    if (options.transport !== "grpc") return this.#post(event, message, options);
    const { localName, input, output } = event.rpc;
    const call = this.#routes[localName] as Unary;
    try {
      return onTheWire(output, await call(onTheWire(input, message), this.#circumstances(options)));
    } catch (error) {
      throw statusError(event.name, error);
    }
  }

  /** Opens a stream with the messages of Centrifugo, and gives those of the proxy. @throws ProxyStatusError */
  async *open(
    { name, rpc }: ProxyEvent,
    given: AsyncIterable<Message>,
    options: CallProxyOptions,
  ): AsyncGenerator<Message, void> {
    const call = this.#routes[rpc.localName] as Streaming;
    const messages = carried(rpc.input, given);
    try {
      const isOneMessage = rpc.methodKind === "server_streaming";
      const input = isOneMessage ? ((await messages.next()).value as Message) : messages;
      yield* carried(rpc.output, call(input, this.#circumstances(options)));
    } catch (error) {
      throw statusError(name, error);
    }
  }

  async #post(event: ProxyEvent, message: Message, { headers, signal }: CallProxyOptions): Promise<Message> {
    const request = new Request(`http://proxy/${event.path}`, {
      method: "POST",
      headers: this.#headers({ "content-type": "application/json", ...headers }),
      body: writeMessage(event.rpc.input, message),
      ...(signal && { signal }),
    });
    const response = await this.#proxy.fetch(request);
    const text = await response.text();
    if (response.status === 200) return readMessage(event.rpc.output, text);
    throw new ProxyStatusError(`${event.name}: status ${response.status}${text && `: ${text}`}`);
  }

  #circumstances({ headers, signal = new AbortController().signal }: CallProxyOptions): Circumstances {
    return { requestHeader: this.#headers(headers), signal };
  }

  #headers(given: CallProxyOptions["headers"]): Headers {
    const headers = new Headers(given);
    // A client cannot replace it, because `proxy.config()` refuses that.
    if (this.#secret !== undefined) headers.set(...this.#secret);
    return headers;
  }
}

function statusError(name: string, error: unknown): ProxyStatusError {
  const { code, rawMessage } = ConnectError.from(error);
  return new ProxyStatusError(`${name}: status ${Code[code]}${rawMessage && `: ${rawMessage}`}`);
}
