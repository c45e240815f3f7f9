import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { encodeString } from "../../codec/caller-values.ts";
import { PathError, runUnder } from "../../codec/path-error.ts";
import type { OptionChecks } from "../../options/option-checks.ts";
import { expectOptions, flag, optionChecks, shown } from "../../options/option-checks.ts";
import { checkedCommand } from "../checked-command.ts";
import { methodIn, refusal } from "../refusal.ts";
import type { BodyAndHeaders } from "./publication-parts.ts";
import { publicationParts } from "./publication-parts.ts";

/**
 * How a consumer reads messages. "method", its default: the method in a header, the request as the body. "publication", with
 * `publication_data_mode.enabled`: the data as the body, all else in headers.
 */
export type MessageMode = "method" | "publication";

/** Options of a message for a queue. */
export interface MessageOptions {
  /** Default "method". */
  readonly mode?: MessageMode | undefined;
  /** Messages with the same key keep their order. Default: the channel, else the user. A broadcast has none. */
  readonly key?: string | undefined;
}

/** Options of a message for a queue that keeps an order only on demand. */
export interface OrderedMessageOptions extends MessageOptions {
  /** Whether the queue keeps the order of messages with the same key. Default: false. */
  readonly ordered?: boolean | undefined;
}

/** The parts of a message, before they get the names that a client of the queue expects. */
export interface MessageParts extends BodyAndHeaders {
  readonly key: string | undefined;
  readonly idempotencyKey: string | undefined;
}

const mode = shown((value) => value === "method" || value === "publication" || '"method" or "publication"');
const key = (value: unknown) => (typeof value === "string" && value !== "") || "a string that is not empty";
const plainChecks = optionChecks<MessageOptions>({ mode, key });
const orderedChecks = optionChecks<OrderedMessageOptions>({ mode, key, ordered: flag });

/** Makes a message of the parts of a command without an order on demand. @throws CentRequestError */
export function plainMessage<Message>(
  command: ConsumerCommand,
  options: MessageOptions,
  make: (parts: MessageParts) => Message,
): Message {
  return message(command, options, plainChecks, make);
}

/** Makes a message of the parts of a command. Its key is undefined unless `ordered` is true. @throws CentRequestError */
export function orderedMessage<Message>(
  command: ConsumerCommand,
  options: OrderedMessageOptions,
  make: (parts: MessageParts) => Message,
): Message {
  return message(command, options, orderedChecks, (parts) => {
    if (options.ordered !== true) return make({ ...parts, key: undefined });
    if (parts.key === undefined)
      throw new PathError("is needed with ordered, because a broadcast has many channels", { path: "key" });
    return make(parts);
  });
}

function message<Message>(
  command: ConsumerCommand,
  options: MessageOptions,
  checks: OptionChecks,
  make: (parts: MessageParts) => Message,
): Message {
  try {
    expectOptions(options, checks);
    const checked = checkedCommand(command);
    const { idempotency_key: given } = checked.payload;
    const idempotencyKey =
      given === undefined || given === null
        ? undefined
        : runUnder("idempotencyKey", () => encodeString(given));
    const parts =
      options.mode === "publication"
        ? publicationParts(checked)
        : { body: checked.text, headers: { "centrifugo-method": checked.method } };
    return make({ ...parts, key: options.key ?? checked.key, idempotencyKey });
  } catch (error) {
    throw refusal(error, methodIn(command), "command");
  }
}
