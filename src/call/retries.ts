import type { Message } from "@bufbuild/protobuf";
import { isRepeatable } from "../codec/idempotency.ts";
import type { CentError } from "../errors/cent-error.ts";
import {
  CentApiResponseError,
  CentNetworkError,
  CentTimeoutError,
  CentTransportError,
  ErrorCode,
} from "../errors/cent-error.ts";
import { isTlsCode } from "../errors/maybe-executed.ts";
import { Code } from "../limits/connect-error.ts";
import { afterDelay } from "../limits/run-later.ts";
import type { EndableWork, LimitedWork } from "../limits/run-within.ts";
import { asUnprocessed, runWithin } from "../limits/run-within.ts";
import type { CallLimits } from "../options/call-options.ts";
import type { CheckedRetry } from "../options/retry-options.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { endAll } from "../transport/transport-calls.ts";
import { interceptorFailure } from "../transport/transport-failure.ts";
import { RetryBudget } from "./retry-budget.ts";
import { SendFailure } from "./send-failure.ts";

/** HTTP statuses of a server or proxy that is unavailable for a while. */
const passingStatuses = new Set<number | undefined>([429, 502, 503, 504]);

/** Decides which of a client's requests are sent again, and when. */
export class Retries {
  readonly #table: MethodTable;
  readonly #waits: Set<EndableWork>;
  readonly #budget = new RetryBudget();
  #hasEnded = false;

  /** @param waits holds the running delays; closing the client ends them */
  constructor(table: MethodTable, waits: Set<EndableWork>) {
    this.#table = table;
    this.#waits = waits;
  }

  /** Ends the running delays. No request is sent again afterwards. */
  end(): void {
    this.#hasEnded = true;
    endAll(this.#waits);
  }

  /** @param now in milliseconds, as `performance.now()` counts them */
  countCall(now: number): void {
    this.#budget.countCall(now);
  }

  /**
   * Waits for the next attempt; undefined if the request is not to be sent again. The promise rejects with a SendFailure
   * if the call ends meanwhile.
   *
   * @param attempt the number of the failed attempt, 1 for the first
   * @param deadline of the call, on the clock of `performance.now()`
   */
  wait(
    method: Method,
    message: Message,
    error: CentError,
    attempt: number,
    { retry, signal, timeoutMs }: CallLimits,
    deadline: number,
  ): Promise<void> | undefined {
    if (retry === undefined || attempt >= retry.maxAttempts || signal?.aborted || this.#hasEnded)
      return undefined;
    const now = performance.now();
    const delayMs = Math.max(error.retryAfterMs ?? 0, backoff(retry, attempt));
    // setTimeout would fire at once for 2^31 ms or more.
    if (delayMs >= (timeoutMs > 0 ? deadline - now : 2 ** 31)) return undefined;
    if (!this.#mayPass(error, method, message) || !this.#budget.take(retry.budget, now)) return undefined;
    const { maybeExecuted } = error;
    const record = { attempts: attempt, maybeExecuted };
    const pause = async (work: LimitedWork<void>) => {
      work.countSent(0);
      try {
        await retry.onRetry({ method: method.name, attempt, delayMs, error });
      } catch (cause) {
        throw asUnprocessed(interceptorFailure(cause, "onRetry"));
      }
      await waitFor(delayMs, work);
    };
    return runWithin(timeoutMs && deadline - now, signal, pause, this.#waits).catch((reason) => {
      throw new SendFailure(reason, record);
    });
  }

  /** Whether the same request may succeed later, and can be executed twice without harm. */
  #mayPass(error: CentError, method: Method, message: Message): boolean {
    // A timeout may be that of one attempt (`attemptTimeoutMs`) while the call has time left.
    const isLost = error instanceof CentNetworkError || error instanceof CentTimeoutError;
    // A retry does not cure a bad certificate.
    if (error instanceof CentNetworkError && isTlsCode(error.code) && !error.maybeExecuted) return false;
    const isStatus = error instanceof CentTransportError && passingStatuses.has(error.httpStatus);
    if (!error.maybeExecuted) return isLost || isStatus;
    const isUnavailable = error instanceof CentTransportError && error.grpcStatus === Code.Unavailable;
    const isInternal = error instanceof CentApiResponseError && error.code === ErrorCode.INTERNAL;
    const isPassing = isLost || isStatus || isUnavailable || isInternal;
    return isPassing && isRepeatable(this.#table, method, message);
  }
}

/** A random delay from half to all of `baseDelayMs`, which doubles with each attempt up to `maxDelayMs`. */
function backoff({ baseDelayMs, maxDelayMs }: CheckedRetry, attempt: number): number {
  const delayMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
  return delayMs * (0.5 + Math.random() / 2);
}

function waitFor(delayMs: number, work: LimitedWork<void>): Promise<void> {
  return new Promise((resolve) => {
    const stop = afterDelay(delayMs)(resolve);
    work.onCancel(() => stop?.());
  });
}
