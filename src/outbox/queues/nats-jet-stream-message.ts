import type { ConsumerCommand } from "../../client/consumer-command.ts";
import type { MessageOptions } from "./message-parts.ts";
import { plainMessage } from "./message-parts.ts";

/** A message for NATS JetStream: `js.publish(subject, payload, { headers, msgID })`, with `headers` copied into a MsgHdrs. */
export interface NatsJetStreamMessage {
  /** The request as JSON; in the mode "publication" the data, which may be bytes. */
  readonly payload: string | Uint8Array;
  /** `centrifugo-method`; in the mode "publication" all but the data. */
  readonly headers: Record<string, string>;
  /** The idempotency key: JetStream drops a second message with it within two minutes. */
  readonly msgID?: string;
}

/**
 * Makes a message for NATS JetStream of a command. A stream keeps the order of its messages.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode cannot carry
 */
export function natsJetStreamMessage(
  command: ConsumerCommand,
  options: Pick<MessageOptions, "mode"> = {},
): NatsJetStreamMessage {
  return plainMessage(command, options, ({ body, headers, idempotencyKey }) => ({
    payload: body,
    headers,
    ...(idempotencyKey === undefined ? {} : { msgID: idempotencyKey }),
  }));
}
