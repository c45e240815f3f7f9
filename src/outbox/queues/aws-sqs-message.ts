import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { shortLine } from "../../codec/one-line.ts";
import { PathError } from "../../codec/path-error.ts";
import { idCheck } from "./id-check.ts";
import type { OrderedMessageOptions } from "./message-parts.ts";
import { orderedMessage } from "./message-parts.ts";

/** A message for `@aws-sdk/client-sqs`: `new SendMessageCommand({ QueueUrl, ...message })`. */
export interface AwsSqsMessage {
  /** The request as JSON; in the mode "publication" the data as JSON. SQS carries no bytes. */
  readonly MessageBody: string;
  /** `centrifugo-method`; in the mode "publication" all but the data. */
  readonly MessageAttributes: Record<string, { readonly DataType: "String"; readonly StringValue: string }>;
  /** The key, if `ordered` is true. */
  readonly MessageGroupId?: string;
  /** The idempotency key, if `ordered` is true. */
  readonly MessageDeduplicationId?: string;
}

const mostAttributes = 10;
const attributeName = /^[\w-]+(?:\.[\w-]+)*$/;
/** Checks the ids of FIFO queues. */
const checkedId = idCheck(
  /^[\w!-/:-@[-`{-~]{1,128}$/,
  "SQS takes 1 to 128 ASCII letters, digits and punctuation marks",
);

/**
 * Makes a message for AWS SQS of a command. With `ordered`, the queue has to be a FIFO queue.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode or SQS cannot carry
 */
export function awsSqsMessage(command: ConsumerCommand, options: OrderedMessageOptions = {}): AwsSqsMessage {
  return orderedMessage(command, options, ({ body, headers, key, idempotencyKey }) => {
    if (typeof body !== "string")
      throw new PathError("expected JSON, because SQS carries no bytes", { path: "data" });
    const attributes = Object.entries(headers);
    if (attributes.length > mostAttributes)
      throw new PathError(`SQS takes ${mostAttributes} attributes, got ${attributes.length}`, {
        path: "tags",
      });
    const misnamed = attributes.find(([name]) => !attributeName.test(name));
    if (misnamed !== undefined)
      throw new PathError(
        `SQS takes attribute names of letters, digits, - _ and ., got ${shortLine(misnamed[0])}`,
        { path: "tags" },
      );
    const empty = attributes.find(([, value]) => value === "");
    if (empty !== undefined)
      throw new PathError(`SQS takes no empty attribute, got ${empty[0]}`, { path: "tags" });
    return {
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: "String" as const, StringValue: value }]),
      ),
      ...(key === undefined ? {} : { MessageGroupId: checkedId("key", key) }),
      ...(key === undefined || idempotencyKey === undefined
        ? {}
        : { MessageDeduplicationId: checkedId("idempotencyKey", idempotencyKey) }),
    };
  });
}
