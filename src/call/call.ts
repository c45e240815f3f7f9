import type { Message } from "@bufbuild/protobuf";
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
import type { Method, MethodTable } from "../schema/method-table.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { callError, SendFailure } from "./send-failure.ts";

/** Gives the function that calls a method: the one way that all methods take, over all transports. */
export type Call = (method: Method) => (request?: unknown, options?: CallOptions) => Promise<object>;

/** Sends the message of a request, by itself or with others, and gives its result. It rejects with what `callError` takes. */
export type Execute = (method: Method, message: Message, limits: CallLimits) => Promise<object>;

/** The parts of a client that its calls share. */
export interface CallContext {
  readonly table: MethodTable;
  readonly payload: Payload;
  /** In milliseconds; 0 for no limit. */
  readonly timeoutMs: number;
  readonly retry: CheckedRetry | undefined;
  readonly underWay: CallsUnderWay;
  readonly secrets: SentSecrets;
}

export function createCall(context: CallContext, execute: Execute): Call {
  const { table, payload, underWay, secrets } = context;
  const succeed = (result: object) => {
    underWay.leave();
    return result;
  };
  // An async function would double the garbage of a call, which counts where thousands of calls wait.
  return (method) =>
    (request = {}, given) => {
      const fail = (thrown: unknown): never => {
        underWay.leave();
        // A caller that returns the call out of an `await using` block hears of it only when the client is closed.
        if (underWay.hasEnded) promise.catch(() => {});
        // The caller's abort comes before any other error: the call rejects with its reason, as fetch does.
        throwIfAborted(given?.signal);
        const error = callError(thrown, method.name);
        if (!(thrown instanceof SendFailure)) secrets.hideIn(error);
        throw error;
      };
      try {
        underWay.enter(method.name);
      } catch (closed) {
        return Promise.reject(closed);
      }
      let promise: Promise<object>;
      try {
        const message = encodeRequest(table, method, request, payload);
        if (given !== undefined) expectOptions(given, callOptionChecks);
        const { signal, timeoutMs = context.timeoutMs, headers } = given ?? {};
        throwIfAborted(signal);
        const header = headers === undefined ? undefined : checkHeaders(headers);
        const retry = checkRetry(given?.retry, context.retry);
        if (retry?.idempotencyKeys) addIdempotencyKeys(table, method, message);
        const isAlone = header !== undefined || retry !== context.retry;
        promise = execute(method, message, { signal, timeoutMs, header, retry, isAlone }).then(succeed, fail);
      } catch (thrown) {
        promise = Promise.reject(thrown).catch(fail);
      }
      return promise;
    };
}
