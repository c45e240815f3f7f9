import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { textOrBuffer } from "./body-buffer.ts";
import type { MessageOptions } from "./message-parts.ts";
import { plainMessage } from "./message-parts.ts";

/** A message for kafkajs or `@confluentinc/kafka-javascript`: `producer.send({ topic, messages: [message] })`. */
export interface KafkaMessage {
  /** Kafka keeps the order of messages with the same key. A broadcast has none without the option `key`. */
  readonly key?: string;
  /** The request as JSON; in the mode "publication" the data, which may be bytes. */
  readonly value: string | Buffer;
  /** `centrifugo-method`; in the mode "publication" all but the data. */
  readonly headers: Record<string, string>;
}

/**
 * Makes a Kafka message of a command. Its key is the channel, so the messages of a channel stay in one partition, in order.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode cannot carry
 */
export function kafkaMessage(command: ConsumerCommand, options: MessageOptions = {}): KafkaMessage {
  return plainMessage(command, options, ({ body, headers, key }) => ({
    ...(key === undefined ? {} : { key }),
    value: textOrBuffer(body),
    headers,
  }));
}
