import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { fieldsOf } from "../message-fields.ts";
import type { MethodTable } from "../methods.ts";
import { decodeFailure } from "../transport-failure.ts";
import type { QueuedCommand } from "./queued-command.ts";

/** The request that carries several commands. */
export function batchMessage(table: MethodTable, commands: readonly QueuedCommand[]): Message {
  const batch = create(table.batch.rpc.input);
  fieldsOf(batch).commands = commands.map(({ method, message }) => {
    const command = create(table.command);
    fieldsOf(command)[method.name] = message;
    return command;
  });
  return batch;
}

/**
 * The replies to the commands of a batch, one for each.
 *
 * @throws ConnectError where there are not as many as commands
 */
export function repliesOf(response: Message, count: number): readonly Message[] {
  const replies = fieldsOf(response).replies as readonly Message[];
  if (replies.length !== count) {
    throw decodeFailure(`in the reply, replies: expected ${count} replies, got ${replies.length}`);
  }
  return replies;
}

/** The response that the command would have got to a request of its own. */
export function responseOf({ method }: QueuedCommand, reply: Message): Message {
  const response = create(method.rpc.output);
  const { error, [method.name]: result } = fieldsOf(reply);
  const fields = fieldsOf(response);
  if (error !== undefined) fields.error = error;
  else if (result !== undefined) fields.result = result;
  return response;
}

/** The code of the error in a reply. */
export function errorCodeOf(reply: Message): number | undefined {
  const { error } = fieldsOf(reply);
  return (error as { code: number } | undefined)?.code;
}
