import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { bodyBuffer } from "./body-buffer.ts";
import { idCheck } from "./id-check.ts";
import type { OrderedMessageOptions } from "./message-parts.ts";
import { orderedMessage } from "./message-parts.ts";

/** A message for `@azure/service-bus`: `sender.sendMessages(message)`. */
export interface AzureServiceBusMessage {
  /** The request, or the data, as a Buffer: the client would write a string as JSON once more. */
  readonly body: Buffer;
  /** `application/json`, or `application/octet-stream` for bytes. */
  readonly contentType: string;
  /** `centrifugo-method`; in the mode "publication" all but the data. */
  readonly applicationProperties: Record<string, string>;
  /** The idempotency key: a queue with duplicate detection drops a second message with it. */
  readonly messageId?: string;
  /** The key, if `ordered` is true. */
  readonly sessionId?: string;
}

const checkedId = idCheck(/^.{1,128}$/s, "Service Bus takes ids with 1 to 128 characters");

/**
 * Makes a message for Azure Service Bus of a command. With `ordered`, the queue needs sessions, and the consumer
 * `use_sessions`.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode or Service Bus cannot carry
 */
export function azureServiceBusMessage(
  command: ConsumerCommand,
  options: OrderedMessageOptions = {},
): AzureServiceBusMessage {
  return orderedMessage(command, options, ({ body, headers, key, idempotencyKey }) => ({
    body: bodyBuffer(body),
    contentType: typeof body === "string" ? "application/json" : "application/octet-stream",
    applicationProperties: headers,
    ...(idempotencyKey === undefined ? {} : { messageId: checkedId("idempotencyKey", idempotencyKey) }),
    ...(key === undefined ? {} : { sessionId: checkedId("key", key) }),
  }));
}
