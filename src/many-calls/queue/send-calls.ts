import type { Message } from "@bufbuild/protobuf";
import type { Reply } from "../../call/reply.ts";
import type { WalkedItem } from "../../call/reply-walk.ts";
import { SendFailure } from "../../call/send-failure.ts";
import type { Walker } from "../../call/walker.ts";
import { fieldsOf } from "../../codec/message-fields.ts";
import { newMessage } from "../../codec/new-message.ts";
import { CentApiResponseError, ErrorCode } from "../../errors/cent-error.ts";
import { isRefusedRequest } from "../../errors/maybe-executed.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import type { QueuedCall } from "./queued-call.ts";

/** Sends one request for some calls, within their limits. Rejects with a SendFailure. */
export type SendFor<Call> = (calls: readonly Call[], method: Method, message: Message) => Promise<Reply>;

/**
 * Sends several calls in one batch, or a single call unbatched, and settles each of them. If the server refuses the batch or
 * does not know a command, the unexecuted calls follow one by one. Resolves after the last one, so that their channels stay
 * busy. Never rejects.
 */
export async function sendInBatch<Call extends QueuedCall>(
  table: MethodTable,
  walker: Walker,
  calls: readonly Call[],
  sendFor: SendFor<Call>,
): Promise<void> {
  for (const call of calls.length === 1 ? calls : await sendTogether(table, walker, calls, sendFor)) {
    if (call.hasLeft) continue;
    const { method, message } = call;
    try {
      call.resolve(walker.result(method, message, await sendFor([call], method, message)));
    } catch (thrown) {
      call.reject(thrown);
    }
  }
}

/** Sends a batch, and returns the calls that must be sent again one by one. */
async function sendTogether<Call extends QueuedCall>(
  table: MethodTable,
  walker: Walker,
  calls: readonly Call[],
  sendFor: SendFor<Call>,
): Promise<readonly Call[]> {
  let reply: Reply;
  try {
    reply = await sendFor(calls, table.batch, batchOf(table, calls));
  } catch (thrown) {
    if (thrown instanceof SendFailure && isRefusedRequest(thrown.reason)) return calls;
    for (const call of calls) call.reject(thrown);
    return [];
  }
  const items = walker.replies(calls, reply);
  return calls.filter((call, index) => {
    const item = items[index] as WalkedItem;
    if (item.ok) call.resolve(item.result);
    // The server does not know the command. Sent alone, the call may work, or get a clearer error.
    else if (item.error instanceof CentApiResponseError && item.error.code === ErrorCode.NOT_FOUND)
      return true;
    else call.reject(item.error);
    return false;
  });
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
