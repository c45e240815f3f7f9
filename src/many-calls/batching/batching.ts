import type { Message } from "@bufbuild/protobuf";
import type { Execute } from "../../call/call.ts";
import type { CallLimits, Send } from "../../call/send.ts";
import type { Walker } from "../../call/walk-response.ts";
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
  return (method, message, limits) => {
    const { input } = method.rpc;
    const size = messageSize(message);
    const goesAlone = limits.header !== undefined || size > options.maxBytes || !sharing.has(method);
    const channels = channelsOf(input, message);
    // A call without channels that travels alone skips the queue.
    if (goesAlone && channels.length === 0) return alone(method, message, limits);
    const request = { method, message, channels, size, goesAlone };
    return new Promise((resolve, reject) => {
      const call = new BatchedCall(request, limits, scheduler, resolve, reject);
      call.begin();
      if (!call.hasEnded) scheduler.add(call);
    });
  };
}

/** Sends a request for calls: within the limits of the only one, or of the call that has the longest time left. */
async function sendFor(
  send: Send,
  calls: readonly BatchedCall[],
  method: Method,
  message: Message,
): Promise<Message> {
  const [first] = calls;
  if (first !== undefined && calls.length === 1) {
    return send(method, message, { ...first.limits, timeoutMs: first.msLeft });
  }
  const end = new SharedEnd(calls.length);
  let longest = first;
  for (const call of calls) {
    call.end = end;
    if (longest !== undefined && call.endsAt > longest.endsAt) longest = call;
  }
  const limits: CallLimits = { signal: end.signal, timeoutMs: longest?.msLeft ?? 0, header: undefined };
  return send(method, message, limits);
}
