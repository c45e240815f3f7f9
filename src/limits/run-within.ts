import { Code, ConnectError } from "@connectrpc/connect";
import type { Abortable } from "./abort-watch.ts";
import { AbortWatch } from "./abort-watch.ts";
import { deadlines, Expiring } from "./deadlines.ts";

/** The code that does the work says here how to stop it. */
export type Cancellation = Pick<LimitedWork<unknown>, "onCancel">;

/** A promise that settles with the outcome of some work, or at its deadline or the caller's abort before that. */
export class LimitedWork<T> extends Expiring implements Abortable {
  #ended: ConnectError | undefined;
  readonly #timeoutMs: number;
  #resolve: ((value: T) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #signal: AbortSignal | undefined;
  #cancel: ((reason: ConnectError) => void) | undefined;
  #watch: AbortWatch | undefined;

  /** @param timeoutMs 0 for no deadline */
  constructor(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Sets the limits. @throws what the signal throws, which may be of the caller's own making */
  begin(): void {
    const signal = this.#signal;
    if (signal?.aborted) {
      this.abort();
      return;
    }
    if (signal !== undefined) this.#watch = AbortWatch.add(signal, this);
    // The deadline comes last, so that work whose signal throws has none.
    if (this.#timeoutMs > 0) deadlines.add(this, this.#timeoutMs);
  }

  /** Whether a limit has ended the work. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Milliseconds that are left; 0 for no limit. */
  get msLeft(): number {
    return this.#timeoutMs > 0 ? Math.min(this.#timeoutMs, msUntil(this.endsAt)) : 0;
  }

  resolve(value: T): void {
    const settle = this.#resolve;
    if (this.#release()) settle?.(value);
  }

  reject(reason: unknown): void {
    const settle = this.#reject;
    if (this.#release()) settle?.(reason);
  }

  expire(): void {
    this.#end(new ConnectError(`no complete reply within ${this.#timeoutMs} ms`, Code.DeadlineExceeded));
  }

  abort(): void {
    this.#end(abortReason(this.#signal));
  }

  /** Calls `cancel` with the reason when the limits end the work, or at once if they already did. */
  onCancel(cancel: (reason: ConnectError) => void): void {
    if (this.#ended === undefined) this.#cancel = cancel;
    else cancel(this.#ended);
  }

  #end(reason: ConnectError): void {
    this.#ended = reason;
    const cancel = this.#cancel;
    this.reject(reason);
    cancel?.(reason);
  }

  /**
   * Lets go of all that the work holds: it may stay in the queue of deadlines for a while. Gives false where the signal
   * threw, which may be of the caller's own making: the promise has rejected with that.
   */
  #release(): boolean {
    this.liftDeadline();
    const watch = this.#watch;
    const reject = this.#reject;
    this.#cancel = this.#signal = this.#watch = this.#resolve = this.#reject = undefined;
    try {
      watch?.lift(this);
      return true;
    } catch (thrown) {
      reject?.(thrown);
      return false;
    }
  }
}

/**
 * Calls `run`, and rejects with a ConnectError at the deadline or the caller's abort, even if the work does not stop. An
 * AbortController would cost more than the rest, and most calls have no signal.
 *
 * @param timeoutMs undefined or 0 for no deadline
 * @param run throws nothing, but rejects
 */
export function runWithin<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  run: (cancellation: Cancellation) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const work = new LimitedWork<T>(timeoutMs ?? 0, signal, resolve, reject);
    work.begin();
    if (work.hasEnded) return;
    // `finally` would make two promises more.
    run(work).then(
      (value) => work.resolve(value),
      (error: unknown) => work.reject(error),
    );
  });
}

/** Milliseconds until a deadline, as time limits have them: one at least, for 0 is no limit. */
export function msUntil(deadline: number): number {
  return Math.max(1, Math.ceil(deadline - performance.now()));
}

/** The error of a call whose signal is aborted. */
function abortReason(signal: AbortSignal | undefined): ConnectError {
  const reason: unknown = signal?.reason;
  if (reason instanceof ConnectError) return reason;
  // An interceptor's AbortSignal.timeout(), for one try.
  if (reason instanceof DOMException && reason.name === "TimeoutError") {
    return new ConnectError(reason.message, Code.DeadlineExceeded, undefined, undefined, reason);
  }
  return new ConnectError("the call was aborted", Code.Canceled, undefined, undefined, reason);
}
