import type { DescMessage, Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { CentrifugoProxy } from "../../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { didYouMean } from "../../codec/did-you-mean.ts";
import { encodeMessage } from "../../codec/encode-message.ts";
import { readMessage } from "../../codec/json/read-message.ts";
import { writeMessage } from "../../codec/json/write-message.ts";
import { asPathError } from "../../codec/path-error.ts";
import { createPayload } from "../../codec/payload.ts";
import type { CentProxy } from "../../proxy/create-proxy.ts";
import type { ProxyEvent } from "../../schema/event-table.ts";
import { eventTable } from "../../schema/event-table.ts";
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

const payload = createPayload(undefined);

/** Makes the message of an object with a client's data. @throws PathError naming the field */
export const messageOf = (schema: ProxyEvent["request"], value: object): Message =>
  encodeMessage(schema, value, payload);

/** The event of a name. @throws TypeError for a name that is no event */
export function eventNamed(name: string): ProxyEvent {
  const events = eventTable(CentrifugoProxy);
  const event = events.find((one) => one.name === name);
  if (event !== undefined) return event;
  const names = events.map((one) => one.name);
  throw new TypeError(
    `callProxy: unknown event "${name}"; ${didYouMean(name, names) ?? `expected ${names.join(", ")}`}`,
  );
}

type Unary = (message: Message, context: Circumstances) => Promise<Message>;
type Streaming = (input: Message | AsyncIterable<Message>, context: Circumstances) => AsyncIterable<Message>;
interface Circumstances {
  readonly requestHeader: Headers;
  readonly signal: AbortSignal;
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

/** The functions that a proxy gives Connect, by the names of their RPCs. */
function routesOf(proxy: CentProxy): Readonly<Record<string, unknown>> {
  let routes = {};
  const router = {
    service(_service: unknown, given: object) {
      routes = given;
      return router;
    },
  };
  proxy.routes(router as unknown as ConnectRouter);
  return routes;
}

const onTheWire = (schema: DescMessage, message: Message): Message =>
  fromBinary(schema, toBinary(schema, message));

async function* carried(
  schema: DescMessage,
  messages: AsyncIterable<Message>,
): AsyncGenerator<Message, void> {
  for await (const message of messages) yield onTheWire(schema, message);
}

/** The request of an event. @throws TypeError naming the event and the field */
export function requestMessage(event: ProxyEvent, request: object): Message {
  try {
    return messageOf(event.request, request);
  } catch (error) {
    throw new TypeError(`${event.name}: ${asPathError(error).message}`);
  }
}

function statusError(name: string, error: unknown): ProxyStatusError {
  const { code, rawMessage } = ConnectError.from(error);
  return new ProxyStatusError(`${name}: status ${Code[code]}${rawMessage && `: ${rawMessage}`}`);
}
