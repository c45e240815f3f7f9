import { Code, ConnectError } from "@connectrpc/connect";
import type { Abortable } from "./abort-watch.ts";
import { AbortWatch } from "./abort-watch.ts";
import type { Deadline, Deadlines, Expiring } from "./deadlines.ts";

/** Where the one who does the work says how to stop it. */
export interface Cancellation {
  /** Calls `cancel` with the reason when the limits end the work, at once where they already did. */
  onCancel(cancel: (reason: ConnectError) => void): void;
}

/** Work that its deadline or a signal may end. */
class LimitedWork implements Cancellation, Expiring, Abortable {
  ended: ConnectError | undefined;
  private readonly timeoutMs: number;
  private readonly reject: (reason: unknown) => void;
  private cancel: ((reason: ConnectError) => void) | undefined;
  private deadline: Deadline | undefined;
  private signal: AbortSignal | undefined;
  private watch: AbortWatch | undefined;

  constructor(timeoutMs: number, reject: (reason: unknown) => void) {
    this.timeoutMs = timeoutMs;
    this.reject = reject;
  }

  begin(deadlines: Deadlines, signal: AbortSignal | undefined): void {
    this.signal = signal;
    if (signal?.aborted) {
      this.abort();
      return;
    }
    if (signal !== undefined) this.watch = AbortWatch.add(signal, this);
    if (this.timeoutMs > 0) this.deadline = deadlines.add(this, this.timeoutMs);
  }

  expire(): void {
    this.end(deadlineFailure(this.timeoutMs));
  }

  abort(): void {
    this.end(abortReason(this.signal));
  }

  onCancel(cancel: (reason: ConnectError) => void): void {
    if (this.ended === undefined) this.cancel = cancel;
    else cancel(this.ended);
  }

  /** Gives false where the signal threw, which may be of the caller's own making: the work has rejected with that. */
  release(): boolean {
    this.deadline?.lift();
    try {
      this.watch?.lift(this);
      return true;
    } catch (thrown) {
      this.reject(thrown);
      return false;
    }
  }

  private end(reason: ConnectError): void {
    this.ended = reason;
    if (this.release()) this.reject(reason);
    this.cancel?.(reason);
  }
}

/**
 * Runs `work` until its deadline or the caller's abort, whichever is first, and rejects with a ConnectError then, even
 * where the work does not stop. There is no AbortController in it: most calls have no signal, and one costs more than
 * the rest.
 *
 * @param timeoutMs in milliseconds; undefined or 0 for no deadline
 * @param work throws nothing, but rejects
 */
export function runWithin<T>(
  deadlines: Deadlines,
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  work: (cancellation: Cancellation) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const limits = new LimitedWork(timeoutMs ?? 0, reject);
    limits.begin(deadlines, signal);
    if (limits.ended !== undefined) return;
    // Not `finally`, which makes two promises more.
    work(limits).then(
      (value) => {
        if (limits.release()) resolve(value);
      },
      (error: unknown) => {
        if (limits.release()) reject(error);
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

/** The deadline passed on this side. */
export function deadlineFailure(timeoutMs: number): ConnectError {
  return new ConnectError(`no complete reply within ${timeoutMs} ms`, Code.DeadlineExceeded);
}
