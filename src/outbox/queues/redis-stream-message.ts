import type { ConsumerCommand } from "../../client/consumer-command.ts";
import { textOrBuffer } from "./body-buffer.ts";
import type { MessageOptions } from "./message-parts.ts";
import { plainMessage } from "./message-parts.ts";

/**
 * The fields of an entry of a Redis stream: `client.xAdd(stream, "*", message)` of node-redis, or
 * `redis.xadd(stream, "*", ...Object.entries(message).flat())` of ioredis.
 */
export type RedisStreamMessage = Record<string, string | Buffer>;

/**
 * Makes the fields of a Redis stream's entry of a command. A stream keeps the order of its entries.
 *
 * @throws CentRequestError for a command that the consumer would skip, or that the mode cannot carry
 */
export function redisStreamMessage(
  command: ConsumerCommand,
  options: Pick<MessageOptions, "mode"> = {},
): RedisStreamMessage {
  return plainMessage(command, options, ({ body, headers }) => {
    const { "centrifugo-method": method, ...others } = headers;
    return { ...(method === undefined ? {} : { method }), ...others, payload: textOrBuffer(body) };
  });
}
