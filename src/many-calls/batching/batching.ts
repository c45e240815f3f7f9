import type { Execute } from "../../call/call.ts";
import type { Send } from "../../call/send.ts";
import { SendFailure } from "../../call/send-failure.ts";
import type { TracingContext } from "../../call/trace-call.ts";
import type { Walker } from "../../call/walker.ts";
import { inNoContext } from "../../limits/async-context.ts";
import { isConnectError } from "../../limits/connect-error.ts";
import type { EndableWork } from "../../limits/run-within.ts";
import { LimitedWork, runWithin } from "../../limits/run-within.ts";
import type { AuthorizationHeader, Authorize } from "../../options/authorization.ts";
import type { CallLimits } from "../../options/call-options.ts";
import type { CheckedBatching } from "../../options/check-batching.ts";
import { areCallsTraced } from "../../tracing/channels.ts";
import { queuedRequest } from "../queue/queued-call.ts";
import { Scheduler } from "../queue/scheduler.ts";
import type { SendFor } from "../queue/send-calls.ts";
import { sendInBatch } from "../queue/send-calls.ts";
import { sharingMethods } from "../queue/sharing-methods.ts";
import { BatchedCall, SharedEnd } from "./batched-call.ts";
import { sendTraced } from "./send-traced.ts";

export interface BatchingContext extends TracingContext {
  readonly send: Send;
  readonly walker: Walker;
  /** Executes a call without batching. */
  readonly alone: Execute;
  readonly authorize: Authorize;
  /** Work between requests, such as asking for a key. Closing the client ends it. */
  readonly waits: Set<EndableWork>;
  /** Whether a payload that is not JSON fails its whole reply, as over HTTP. */
  readonly jsonReplies: boolean;
}

/** Lets calls of the same time share requests. Each call behaves as if it were sent alone. */
export function createBatching(context: BatchingContext, options: CheckedBatching): Execute {
  const { table, send, walker, alone, authorize, waits, jsonReplies } = context;
  const sharing = sharingMethods(table, jsonReplies);
  const sendFor: SendFor<BatchedCall> = (calls, method, message) => {
    const limits = limitsFor(calls);
    const sendWithin = (within: CallLimits) => send(method, message, within, calls[0]?.granted);
    if (areCallsTraced()) return sendTraced(context, calls, method, message, limits, sendWithin);
    return sendWithin(limits);
  };
  const scheduler = new Scheduler<BatchedCall>({
    ...options,
    sendsAloneAtOnce: true,
    send: (calls) => inNoContext(() => sendInBatch(table, walker, calls, sendFor)),
  });
  /** Asks for a call's key, in the call's own async context. The call keeps its place in the order meanwhile. */
  const askForKey = (call: BatchedCall) => {
    const granted = authorize();
    if (!(granted instanceof Promise)) {
      call.grant(granted);
      return;
    }
    call.isPending = true;
    const asked = (work: LimitedWork<AuthorizationHeader>) => {
      work.countSent(0);
      return granted;
    };
    runWithin(0, undefined, asked, waits).then(
      (header) => {
        call.grant(header);
        if (!call.hasLeft) scheduler.wake(call);
      },
      (thrown: unknown) => {
        scheduler.leave(call);
        call.reject(thrown);
      },
    );
  };
  return (method, message, limits) => {
    const goesAlone = limits.isAlone || !sharing.has(method);
    const request = queuedRequest(method, message, options.maxBytes, goesAlone);
    // A call without channels that travels alone skips the queue.
    if (request.goesAlone && Array.isArray(request.channels) && request.channels.length === 0)
      return alone(method, message, limits);
    return new Promise((resolve, reject) => {
      const rejectCall = (reason: unknown) => reject(call.wasTaken ? inRequest(reason) : reason);
      const work = new LimitedWork(limits.timeoutMs, limits.signal, resolve, rejectCall);
      const call = new BatchedCall(request, limits, work);
      work.begin();
      if (work.hasEnded) return;
      work.onCancel((reason) => {
        scheduler.leave(call);
        call.shared?.leave(reason);
      });
      askForKey(call);
      scheduler.add(call);
    });
  };
}

/** Says of a call's own timeout or abort that its request is on the way, and so may be executed. */
function inRequest(reason: unknown): unknown {
  if (!isConnectError(reason)) return reason;
  return new SendFailure(reason, { attempts: 1, maybeExecuted: false });
}

/** The limits of a request: those of its only call, or the longest time that any of its calls has left. */
function limitsFor(calls: readonly BatchedCall[]): CallLimits {
  const longest = calls.reduce((last, call) => (call.work.endsAt > last.work.endsAt ? call : last));
  const limits = { ...longest.limits, timeoutMs: longest.work.msLeft };
  if (calls.length === 1) return limits;
  const shared = new SharedEnd(calls.length);
  for (const call of calls) call.shared = shared;
  // The request has a trace of its own.
  return { ...limits, signal: shared.controller.signal, trace: undefined };
}
