import type { Send } from "../../call/send.ts";
import type { Deadlines } from "../../limits/deadlines.ts";
import type { CheckedBatching } from "../../options/check-batching.ts";
import type { MethodTable } from "../../schema/method-table.ts";
import { batchKinds } from "../queue/batch-kind.ts";
import { carryInBatch } from "../queue/carry-in-batch.ts";
import { channelsOf } from "../queue/channels-of.ts";
import { messageSize } from "../queue/message-size.ts";
import type { Carry } from "../queue/scheduler.ts";
import { Scheduler } from "../queue/scheduler.ts";
import { BatchedCall } from "./batched-call.ts";
import { sendCalls } from "./send-calls.ts";

/**
 * Sends calls that are made at the same time in requests that they share. To each it is as if it were sent by itself.
 *
 * @param jsonReplies whether a payload that is not JSON fails the reply that it is in, as over HTTP
 */
export function createBatching(
  table: MethodTable,
  send: Send,
  options: CheckedBatching,
  jsonReplies: boolean,
  deadlines: Deadlines,
): Send {
  const kindOf = batchKinds(table, jsonReplies);
  const inBatch = carryInBatch(table);
  const carry: Carry<BatchedCall> = (calls) =>
    inBatch(calls, (method, message) => sendCalls(send, method, message, calls));
  const scheduler = new Scheduler({ ...options, sendsAlone: true, carry });
  const leave = (call: BatchedCall) => scheduler.leave(call);
  return (method, message, limits, sent) => {
    const { input } = method.rpc;
    const size = messageSize(input, message);
    const mayShare = limits.header === undefined && size <= options.maxBytes;
    const kind = mayShare ? kindOf(method) : "alone";
    const channels = channelsOf(input, message);
    // Nothing has to go before it, and nobody after it.
    if (kind === "alone" && channels.length === 0) return send(method, message, limits, sent);
    const command = { method, message, kind, channels, size };
    return new Promise((resolve, reject) => {
      scheduler.add(new BatchedCall(command, limits, sent, { resolve, reject }, deadlines, leave));
    });
  };
}
