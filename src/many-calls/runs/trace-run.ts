import type { Message } from "@bufbuild/protobuf";
import type { Reply } from "../../call/reply.ts";
import type { Send } from "../../call/send.ts";
import { callError } from "../../call/send-failure.ts";
import type { TracingContext } from "../../call/trace-call.ts";
import { traceRequest } from "../../call/trace-call.ts";
import type { CallLimits } from "../../options/call-options.ts";
import { checkHeaders } from "../../options/headers.ts";
import type { ManyProgress } from "../../options/many-options.ts";
import type { Method } from "../../schema/method-table.ts";
import { CallTrace } from "../../tracing/call-trace.ts";

/** Publishes a run: one context, however many values it has. */
export class RunTrace {
  readonly trace: CallTrace;
  readonly #ending = Promise.withResolvers<void>();
  readonly #name: string;

  constructor(name: string, { server }: TracingContext) {
    this.#name = name;
    this.trace = new CallTrace({ kind: "run", method: name }, server, checkHeaders);
    // The run's own promise rejects with the same error.
    this.trace.trace(() => this.#ending.promise).catch(() => {});
  }

  /** @param failure the error that ends the run early */
  end(progress: ManyProgress, failure: { readonly error: unknown } | undefined): void {
    this.trace.progress = progress;
    if (failure === undefined) {
      this.trace.succeed();
      this.#ending.resolve();
    } else {
      this.trace.fail(callError(failure.error, this.#name));
      // The failure itself may come from the input.
      this.trace.maybeExecuted ||= progress.succeeded + progress.unknown > 0;
      this.#ending.reject(failure.error);
    }
  }
}

/** Sends a request of a run: as a context of its own, if the run is traced. */
export function sendOfRun(
  context: TracingContext & { readonly send: Send },
  method: Method,
  message: Message,
  limits: CallLimits,
): Promise<Reply> {
  const { trace: parent } = limits;
  if (parent === undefined) return context.send(method, message, limits);
  return traceRequest(context, method, message, { parent }, (trace) =>
    context.send(method, message, { ...limits, trace }),
  );
}
