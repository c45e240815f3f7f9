import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { bodyBuffer } from "./body-buffer.ts";
import type { OrderedMessageOptions } from "./message-parts.ts";
import { orderedMessage } from "./message-parts.ts";

/** A message for `@google-cloud/pubsub`: `topic.publishMessage(message)`. */
export interface GooglePubSubMessage {
  /** The request as JSON; in the mode "publication" the data, which may be bytes. */
  readonly data: Buffer;
  /** `centrifugo-method`; in the mode "publication" all but the data. */
  readonly attributes: Record<string, string>;
  /** The key, if `ordered` is true. */
  readonly orderingKey?: string;
}

/**
 * Makes a message for Google Pub/Sub of a command. With `ordered`, the topic needs `messageOrdering`, and the subscription
 * message ordering.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode cannot carry
 */
export function googlePubSubMessage(
  command: ConsumerCommand,
  options: OrderedMessageOptions = {},
): GooglePubSubMessage {
  return orderedMessage(command, options, ({ body, headers, key }) => ({
    data: bodyBuffer(body),
    attributes: headers,
    ...(key === undefined ? {} : { orderingKey: key }),
  }));
}
