import { Code, ConnectError } from "@connectrpc/connect";
import { deadlineFailure } from "./transport-failure.ts";

/** Where the one who does the work says how to stop it. */
export interface Cancellation {
  /** Calls `cancel` with the reason when the limits end the work, at once where they already did. */
  onCancel(cancel: (reason: ConnectError) => void): void;
}

class Limits implements Cancellation {
  ended: ConnectError | undefined;
  private readonly reject: (reason: ConnectError) => void;
  private cancel: ((reason: ConnectError) => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private signal: AbortSignal | undefined;
  private onAbort: (() => void) | undefined;

  constructor(reject: (reason: ConnectError) => void) {
    this.reject = reject;
  }

  begin(timeoutMs: number | undefined, signal: AbortSignal | undefined): void {
    if (signal?.aborted) {
      this.end(abortReason(signal));
      return;
    }
    if (signal !== undefined) {
      const onAbort = () => this.end(abortReason(signal));
      // It may throw: only then is there something to release.
      signal.addEventListener("abort", onAbort);
      this.signal = signal;
      this.onAbort = onAbort;
    }
    if (timeoutMs) this.timer = setTimeout(() => this.end(deadlineFailure(timeoutMs)), timeoutMs);
  }

  onCancel(cancel: (reason: ConnectError) => void): void {
    if (this.ended === undefined) this.cancel = cancel;
    else cancel(this.ended);
  }

  release(): void {
    clearTimeout(this.timer);
    if (this.onAbort !== undefined) this.signal?.removeEventListener("abort", this.onAbort);
  }

  private end(reason: ConnectError): void {
    this.release();
    this.ended = reason;
    this.reject(reason);
    this.cancel?.(reason);
  }
}

/**
 * Runs `work` until its deadline or the caller's abort, whichever is first, and rejects with a ConnectError then, even
 * where the work does not stop. There is no AbortController in it: most calls have no signal, and one costs more than
 * the timer.
 *
 * @param timeoutMs in milliseconds; undefined or 0 for no deadline
 */
export function runWithin<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  work: (cancellation: Cancellation) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const limits = new Limits(reject);
    limits.begin(timeoutMs, signal);
    if (limits.ended !== undefined) return;
    // Not `finally`, which makes two promises more.
    work(limits).then(
      (value) => {
        limits.release();
        resolve(value);
      },
      (error: unknown) => {
        limits.release();
        reject(error);
      },
    );
  });
}

/** What a call ends with whose signal is aborted. */
export function abortReason(signal: AbortSignal | undefined): ConnectError {
  const reason: unknown = signal?.reason;
  if (reason instanceof ConnectError) return reason;
  // An interceptor's AbortSignal.timeout(), for one try.
  if (reason instanceof DOMException && reason.name === "TimeoutError") {
    return new ConnectError(reason.message, Code.DeadlineExceeded, undefined, undefined, reason);
  }
  return new ConnectError("the call was aborted", Code.Canceled, undefined, undefined, reason);
}
