import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import { newMessage } from "../../codec/new-message.ts";
import { ErrorCode } from "../../errors/cent-error.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import { decodeFailure } from "../../transport/transport-failure.ts";
import type { QueuedCommand } from "./queued-command.ts";
import type { Carry } from "./scheduler.ts";

/** Sends one request, within limits that it knows. */
type SendRequest = (method: Method, message: Message) => Promise<Message>;

/** Sends commands in a batch, and a single one as it is. */
export type CarryInBatch = (
  commands: readonly QueuedCommand[],
  send: SendRequest,
) => ReturnType<Carry<QueuedCommand>>;

export function carryInBatch(table: MethodTable): CarryInBatch {
  const { batch } = table;
  const inOneRequest = async (commands: readonly QueuedCommand[], send: SendRequest) => {
    const request = newMessage(batch.rpc.input);
    fieldsOf(request).commands = commands.map(({ method, message }) => {
      const command = newMessage(table.command);
      fieldsOf(command)[method.name] = message;
      return command;
    });
    const replies = repliesOf(await send(batch, request), commands.length);
    return commands.map((command, index) => responseOf(command, replies[index] as Message));
  };
  return (commands, send) => {
    const [only] = commands;
    if (only === undefined || commands.length > 1) return inOneRequest(commands, send);
    return send(only.method, only.message).then((response) => [response]);
  };
}

/**
 * The replies to the commands of a batch, one for each.
 *
 * @throws ConnectError where there are not as many as commands
 */
function repliesOf(response: Message, count: number): readonly Message[] {
  const replies = fieldsOf(response).replies as readonly Message[];
  if (replies.length !== count) {
    throw decodeFailure(`in the reply, replies: expected ${count} replies, got ${replies.length}`);
  }
  return replies;
}

/**
 * The response that the command would have got to a request of its own; undefined where the server says that it has no
 * such command, which it says in its own way of a request.
 */
function responseOf({ method }: QueuedCommand, reply: Message): Message | undefined {
  const { error, [method.name]: result } = fieldsOf(reply);
  if ((error as { code: number } | undefined)?.code === ErrorCode.NOT_FOUND) return undefined;
  const response = newMessage(method.rpc.output);
  const fields = fieldsOf(response);
  if (error !== undefined) fields.error = error;
  else if (result !== undefined) fields.result = result;
  return response;
}
