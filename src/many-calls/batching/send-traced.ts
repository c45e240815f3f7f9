import type { Message } from "@bufbuild/protobuf";
import type { Reply } from "../../call/reply.ts";
import type { TracingContext } from "../../call/trace-call.ts";
import { traceRequest } from "../../call/trace-call.ts";
import type { CallLimits } from "../../options/call-options.ts";
import type { Method } from "../../schema/method-table.ts";
import type { BatchedCall } from "./batched-call.ts";

/** Sends a request while somebody listens. A request of several calls gets a context; one of a single call uses the call's. */
export function sendTraced(
  context: TracingContext,
  calls: readonly BatchedCall[],
  method: Method,
  message: Message,
  limits: CallLimits,
  send: (limits: CallLimits) => Promise<Reply>,
): Promise<Reply> {
  if (calls.length === 1) {
    const { trace } = limits;
    return trace === undefined ? send(limits) : trace.within(() => send(limits));
  }
  const traces = calls.flatMap((call) => call.limits.trace ?? []);
  return traceRequest(context, method, message, { calls: traces }, (trace) => send({ ...limits, trace }));
}
