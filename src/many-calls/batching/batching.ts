import type { Message } from "@bufbuild/protobuf";
import type { Execute } from "../../call/call.ts";
import type { Send } from "../../call/send.ts";
import type { Walker } from "../../call/walker.ts";
import type { CheckedBatching } from "../../options/check-batching.ts";
import type { Method, MethodTable } from "../../schema/method-table.ts";
import { channelsOf } from "../queue/channels-of.ts";
import { messageSize } from "../queue/message-size.ts";
import { Scheduler } from "../queue/scheduler.ts";
import { sendInBatch } from "../queue/send-calls.ts";
import { sharingMethods } from "../queue/sharing-methods.ts";
import { BatchedCall, SharedEnd } from "./batched-call.ts";

export interface BatchingContext {
  readonly table: MethodTable;
  readonly send: Send;
  readonly walker: Walker;
  /** Executes a call by itself. */
  readonly alone: Execute;
  /** Whether a payload that is not JSON fails the reply that it is in, as over HTTP. */
  readonly jsonReplies: boolean;
}

/** Executes calls that are made at the same time in requests that they share. To each it is as if it were sent by itself. */
export function createBatching(context: BatchingContext, options: CheckedBatching): Execute {
  const { table, send, walker, alone, jsonReplies } = context;
  const sharing = sharingMethods(table, jsonReplies);
  const scheduler = new Scheduler<BatchedCall>({
    ...options,
    sendsAloneAtOnce: true,
    send: sendInBatch(table, walker, (calls, method, message) => sendFor(send, calls, method, message)),
  });
  const leave = (call: BatchedCall) => scheduler.leave(call);
  return (method, message, limits) => {
    const size = messageSize(message);
    const goesAlone = limits.header !== undefined || size > options.maxBytes || !sharing.has(method);
    const channels = channelsOf(method.rpc.input, message);
    // A call without channels that travels alone skips the queue.
    if (goesAlone && typeof channels !== "string" && channels.length === 0)
      return alone(method, message, limits);
    const request = { method, message, channels, size, goesAlone };
    return new Promise((resolve, reject) => {
      const call = new BatchedCall(request, limits, { resolve, reject, leave });
      call.work.begin();
      if (!call.work.hasEnded) scheduler.add(call);
    });
  };
}

/** Sends a request for calls: within the limits of the only one, or of the call that has the longest time left. */
function sendFor(
  send: Send,
  calls: readonly BatchedCall[],
  method: Method,
  message: Message,
): Promise<Message> {
  const longest = calls.reduce((last, call) => (call.work.endsAt > last.work.endsAt ? call : last));
  const timeoutMs = longest.work.msLeft;
  if (calls.length === 1) return send(method, message, { ...longest.limits, timeoutMs });
  const shared = new SharedEnd(calls.length);
  for (const call of calls) call.shared = shared;
  return send(method, message, { signal: shared.signal, timeoutMs, header: undefined });
}
