import type { Message } from "@bufbuild/protobuf";
import type { Send, Sent } from "../../call/send.ts";
import type { Method } from "../../schema/method-table.ts";
import type { BatchedCall } from "./batched-call.ts";
import { SharedRequest } from "./shared-request.ts";

/** Sends a request for calls: within the limits of the only one, or of the one that has the longest time left. */
export function sendCalls(
  send: Send,
  method: Method,
  message: Message,
  calls: readonly BatchedCall[],
): Promise<Message> {
  const [first] = calls;
  if (first !== undefined && calls.length === 1) {
    const { signal, header } = first.limits;
    return send(method, message, { signal, header, timeoutMs: first.timeLeft }, first.sent);
  }
  return sendShared(send, method, message, calls);
}

async function sendShared(
  send: Send,
  method: Method,
  message: Message,
  calls: readonly BatchedCall[],
): Promise<Message> {
  const shared = new SharedRequest(calls.length);
  for (const call of calls) call.shared = shared;
  const sent: Sent = { header: {} };
  try {
    const limits = { signal: shared.signal, timeoutMs: longest(calls), header: undefined };
    return await send(method, message, limits, sent);
  } finally {
    for (const call of calls) call.sent.header = sent.header;
  }
}

/** Milliseconds until nobody waits any more; 0 where one of them would wait for ever. */
function longest(calls: readonly BatchedCall[]): number {
  return calls.reduce((last, call) => (call.endsAt > last.endsAt ? call : last)).timeLeft;
}
