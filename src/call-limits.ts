import { Code, ConnectError } from "@connectrpc/connect";
import { deadlineFailure } from "./transport-failure.ts";

/** Where the one who does the work says how to stop it. */
export interface Cancellation {
  /** Calls `cancel` with the reason when the limits end the work, at once where they already did. */
  onCancel(cancel: (reason: ConnectError) => void): void;
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
    let ended: ConnectError | undefined;
    let cancel: ((reason: ConnectError) => void) | undefined;
    const end = (reason: ConnectError) => {
      release();
      ended = reason;
      reject(reason);
      cancel?.(reason);
    };
    const onAbort = () => end(abortReason(signal));
    const timer = timeoutMs ? setTimeout(() => end(deadlineFailure(timeoutMs)), timeoutMs) : undefined;
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort);
    const cancellation: Cancellation = {
      onCancel(action) {
        if (ended === undefined) cancel = action;
        else action(ended);
      },
    };
    work(cancellation).then(resolve, reject).finally(release);
  });
}

function abortReason(signal: AbortSignal | undefined): ConnectError {
  const reason: unknown = signal?.reason;
  if (reason instanceof ConnectError) return reason;
  // An interceptor's AbortSignal.timeout(), for one try.
  if (reason instanceof DOMException && reason.name === "TimeoutError") {
    return new ConnectError(reason.message, Code.DeadlineExceeded, undefined, undefined, reason);
  }
  return new ConnectError("the call was aborted", Code.Canceled, undefined, undefined, reason);
}
