import type { Message } from "@bufbuild/protobuf";
import type { ChannelChecks } from "../codec/channel-checks.ts";
import { encodeRequest } from "../codec/encode-request.ts";
import { addIdempotencyKeys } from "../codec/idempotency.ts";
import type { Payload } from "../codec/payload.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
import type { CallLimits, CallOptions } from "../options/call-options.ts";
import { callOptionChecks, throwIfAborted } from "../options/call-options.ts";
import { checkHeaders } from "../options/headers.ts";
import { expectOptions } from "../options/option-checks.ts";
import type { CheckedRetry } from "../options/retry-options.ts";
import { checkRetry } from "../options/retry-options.ts";
import type { Method } from "../schema/method-table.ts";
import { areCallsTraced } from "../tracing/channels.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { callError, SendFailure } from "./send-failure.ts";
import type { Begin, TracingContext } from "./trace-call.ts";
import { traceCall } from "./trace-call.ts";

/** Makes the client's function for a method. All methods share this path, over all transports. */
export type Call = (method: Method) => (request?: unknown, options?: CallOptions) => Promise<object>;

/** Sends a request message, alone or in a batch, and resolves to its result. `callError` maps a rejection. */
export type Execute = (method: Method, message: Message, limits: CallLimits) => Promise<object>;

/** The client's state that all its calls share. */
export interface CallContext extends TracingContext {
  readonly payload: Payload;
  /** Undefined for a client without defined channels. */
  readonly checks?: ChannelChecks | undefined;
  /** In milliseconds; 0 for no limit. */
  readonly timeoutMs: number;
  readonly retry: CheckedRetry | undefined;
  readonly underWay: CallsUnderWay;
  readonly secrets: SentSecrets;
}

export function createCall(context: CallContext, execute: Execute): Call {
  const { table, payload, checks, underWay, secrets } = context;
  const succeed = (result: object) => {
    underWay.leave();
    return result;
  };
  // An async function would double the garbage of each call. Thousands of calls may wait at once.
  const begin: Begin = (method, request, given, trace) => {
    const fail = (thrown: unknown): never => {
      underWay.leave();
      // No unhandled rejection for a call returned from an `await using` block: its handlers come after the close.
      if (underWay.hasEnded) promise.catch(() => {});
      trace?.fail(callError(thrown, method.name), given?.signal?.aborted);
      // After an abort the call rejects with the signal's reason, as fetch does, even if something else failed.
      throwIfAborted(given?.signal);
      const error = callError(thrown, method.name);
      if (!(thrown instanceof SendFailure)) secrets.hideIn(error);
      throw error;
    };
    try {
      underWay.enter(method.name);
    } catch (closed) {
      trace?.fail(callError(closed, method.name));
      return Promise.reject(closed);
    }
    let promise: Promise<object>;
    try {
      const message = encodeRequest(table, method, request, payload);
      checks?.sent(method, message);
      if (given !== undefined) expectOptions(given, callOptionChecks);
      const { signal, timeoutMs = context.timeoutMs, headers } = given ?? {};
      throwIfAborted(signal);
      const header = headers === undefined ? undefined : checkHeaders(headers);
      const retry = checkRetry(given?.retry, context.retry);
      if (retry?.idempotencyKeys) addIdempotencyKeys(table, method, message);
      const isAlone = header !== undefined || retry !== context.retry;
      promise = execute(method, message, { signal, timeoutMs, header, retry, isAlone, trace }).then(
        succeed,
        fail,
      );
    } catch (thrown) {
      promise = Promise.reject(thrown).catch(fail);
    }
    return promise;
  };
  // A closure that holds the arguments would cost each call an object, though nobody listens.
  return (method) =>
    (request = {}, given) =>
      areCallsTraced()
        ? traceCall(context, begin, method, request, given)
        : begin(method, request, given, undefined);
}
