import type { Message } from "@bufbuild/protobuf";
import { SendFailure } from "../../call/send.ts";
import type { Walker } from "../../call/walker.ts";
import { fieldsOf } from "../../codec/message-fields.ts";
import { newMessage } from "../../codec/new-message.ts";
import { CentApiResponseError, ErrorCode } from "../../errors/cent-error.ts";
import { isRefusedRequest } from "../../errors/maybe-executed.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import type { QueuedCall } from "./queued-call.ts";

/** Sends one request for some calls, within limits that follow from them. It rejects with a SendFailure. */
export type SendFor<Call> = (calls: readonly Call[], method: Method, message: Message) => Promise<Message>;

/** Sends the calls that share a request, and gives each its result or error. It rejects never. */
export type SendCalls<Call> = (calls: readonly Call[]) => Promise<void>;

/**
 * Sends calls in one batch, and a single call as it is. Calls that were not executed, as the batch was refused or the
 * server does not know the command, follow one by one before it resolves: their channels stay busy until then.
 */
export function sendInBatch<Call extends QueuedCall>(
  table: MethodTable,
  walker: Walker,
  sendFor: SendFor<Call>,
): SendCalls<Call> {
  const sendOne = async (call: Call) => {
    const { method, message } = call;
    try {
      call.resolve(walker.result(method, message, await sendFor([call], method, message)));
    } catch (thrown) {
      call.reject(thrown);
    }
  };
  /** Gives the calls that are to be sent alone. */
  const sendTogether = async (calls: readonly Call[]): Promise<readonly Call[]> => {
    let response: Message;
    try {
      response = await sendFor(calls, table.batch, batchOf(table, calls));
    } catch (thrown) {
      if (thrown instanceof SendFailure && isRefusedRequest(thrown.reason)) return calls;
      for (const call of calls) call.reject(thrown);
      return [];
    }
    const items = walker.replies(calls, response);
    return calls.filter((call, index) => {
      const item = items[index];
      if (item === undefined || isUnknownCommand(item.ok ? undefined : item.error)) return true;
      if (item.ok) call.resolve(item.result);
      else call.reject(item.error);
      return false;
    });
  };
  return async (calls) => {
    for (const call of calls.length === 1 ? calls : await sendTogether(calls)) {
      if (!call.hasLeft) await sendOne(call);
    }
  };
}

function batchOf(table: MethodTable, calls: readonly QueuedCall[]): Message {
  const batch = newMessage(table.batch.rpc.input);
  fieldsOf(batch).commands = calls.map(({ method, message }) => {
    const command = newMessage(table.command);
    fieldsOf(command)[method.name] = message;
    return command;
  });
  return batch;
}

/** Whether the server says that it has no such command, which it says in another way of a request. */
function isUnknownCommand(error: unknown): boolean {
  return error instanceof CentApiResponseError && error.code === ErrorCode.NOT_FOUND;
}
