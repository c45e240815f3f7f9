import { ReadableStream } from "node:stream/web";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import type { ProxyEvent } from "../../schema/event-table.ts";
import { create } from "../../schema/messages.ts";
import { plainRequest } from "../calls.ts";
import { messageOf, requestMessage } from "./event-request.ts";
import type { ProxyAnswer } from "./proxy-answer.ts";
import { answerOf } from "./proxy-answer.ts";
import type { CallProxyOptions, ProxyCaller } from "./proxy-caller.ts";
import { ProxyStatusError } from "./proxy-caller.ts";

/** A publication that a stream sends to its client. */
export interface StreamedPublication {
  /** Parsed JSON, else a Uint8Array; undefined if empty. */
  readonly data?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A stream of a proxy, as Centrifugo sees it. */
export interface ProxyStream {
  /** The publications for the client. They end with the stream, or reject with a ProxyStatusError. */
  readonly publications: AsyncIterable<StreamedPublication>;
  /** Sends data that the client publishes, to `subscribeBidirectional` only. */
  publish(data: unknown): void;
  /** Ends the stream, as when the client leaves. */
  close(): void;
}

/** A stream and its decision, the answer. */
export type OpenedStream = { readonly answer: ProxyAnswer } & ProxyStream;

/** Opens a stream, and waits for its decision. @throws TypeError for a wrong request; ProxyStatusError */
export async function openStream(
  caller: ProxyCaller,
  event: ProxyEvent,
  request: object,
  options: CallProxyOptions,
): Promise<OpenedStream> {
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const { subscribeRequest, publication } = event.rpc.input.field;
  const opening = requestMessage(event, request);
  const sent = new SentMessages();
  sent.add(subscribeRequest === undefined ? opening : wrap(event.rpc.input, "subscribeRequest", opening));
  if (publication === undefined) sent.end();
  const messages = caller.open(event, sent.messages, { ...options, signal });
  const { value: first } = await messages.next();
  const decision = first && fieldsOf(first).subscribeResponse;
  if (decision === undefined) throw new ProxyStatusError(`${event.name}: the stream has no decision`);
  const close = () => {
    sent.end();
    leaving.abort();
    // The handler may wait at a `yield`, where no signal reaches it.
    messages.return().catch(() => {});
  };
  return {
    answer: answerOf(event, decision as Message),
    publications: publicationsOf(event.rpc.output, messages, leaving.signal, close),
    publish(data) {
      const schema = publication?.message;
      if (schema === undefined) throw new TypeError(`${event.name}: clients cannot publish to this stream`);
      sent.add(wrap(event.rpc.input, "publication", messageOf(schema, { data })));
    },
    close,
  };
}

async function* publicationsOf(
  { field }: DescMessage,
  messages: AsyncIterable<Message>,
  left: AbortSignal,
  close: () => void,
): AsyncGenerator<StreamedPublication, void> {
  const schema = field.publication?.message;
  try {
    for await (const message of messages) {
      const { publication } = fieldsOf(message);
      if (publication !== undefined && schema !== undefined)
        yield plainRequest(schema, publication as Message);
    }
  } catch (error) {
    if (!left.aborted) throw error;
  } finally {
    // A loop over the publications may end before the stream does.
    close();
  }
}

const wrap = (schema: DescMessage, field: string, message: Message) =>
  Object.assign(create(schema), { [field]: message });

/** The messages of Centrifugo in a stream. */
class SentMessages {
  #queue!: { enqueue(message: Message): void; close(): void };
  #isOver = false;
  readonly messages: AsyncIterable<Message> = new ReadableStream<Message>({
    start: (queue) => {
      this.#queue = queue;
    },
    cancel: () => {
      this.#isOver = true;
    },
  });

  add(message: Message): void {
    if (!this.#isOver) this.#queue.enqueue(message);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.close();
  }
}
