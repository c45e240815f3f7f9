import type { Abortable } from "./abort-watch.ts";
import { AbortWatch } from "./abort-watch.ts";
import { Code, ConnectError, isConnectError } from "./connect-error.ts";
import { deadlines, Expiring } from "./deadlines.ts";
import { markOf, withMark } from "./marks.ts";
import { asOneOfMany, withoutStackTrace } from "./stack-traces.ts";

/** For the code that does the work: how to stop it, and how many requests it has sent. */
export type Cancellation = Pick<LimitedWork<unknown>, "onCancel" | "countSent" | "hasEnded">;

const unprocessed = Symbol("unprocessed");

/** Marks an error of a request of which the server processed nothing (or, with `holds` false, maybe something). */
export function asUnprocessed<Reason extends object>(reason: Reason, holds = true): Reason {
  return withMark(reason, unprocessed, holds);
}

/** Whether an error is marked by {@link asUnprocessed}; undefined without a mark. */
export function isUnprocessed(reason: object): boolean | undefined {
  return markOf(reason, unprocessed);
}

/** Work that can be ended from outside. */
export type EndableWork = Pick<LimitedWork<never>, "end">;

/** Settles a promise with the outcome of some work, or earlier at its deadline or the caller's abort. */
export class LimitedWork<T> extends Expiring implements Abortable {
  #ended: ConnectError | undefined;
  readonly #timeoutMs: number;
  #resolve: ((value: T) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #signal: AbortSignal | undefined;
  #cancel: ((reason: ConnectError) => void) | undefined;
  #watch: AbortWatch | undefined;
  #sent: number | undefined;
  readonly #group: Set<EndableWork> | undefined;
  /** The larger work that this work is a part of. */
  within: LimitedWork<T> | undefined;
  /** The error of the last failed part. */
  failureWithin: unknown;

  /**
   * @param timeoutMs 0 for no deadline
   * @param group holds the work until it ends
   */
  constructor(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
    group?: Set<EndableWork>,
  ) {
    super();
    this.#group = group;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Sets the limits. @throws the error of the signal's `addEventListener`, if a caller's implementation throws */
  begin(): void {
    const signal = this.#signal;
    if (signal?.aborted) {
      this.abort();
      return;
    }
    if (signal !== undefined) this.#watch = AbortWatch.add(signal, this);
    this.#group?.add(this);
    // Comes last, so that no deadline is left behind if the signal throws.
    if (this.#timeoutMs > 0) deadlines.add(this, this.#timeoutMs);
  }

  /** How many requests the server may have processed; undefined before the first `countSent`. */
  get sent(): number | undefined {
    return this.#sent;
  }

  /**
   * Counts the requests of this work, and of the work around it.
   *
   * @param change 0 to begin, 1 for a request that is being written, -1 for one of which the server processed nothing
   */
  countSent(change: 0 | 1 | -1): void {
    this.#sent = (this.#sent ?? 0) + change;
    this.within?.countSent(change);
  }

  /** Whether the deadline has passed, but the shared timer has not ended the work yet. */
  isOverdue(now: number): boolean {
    return this.keeper === deadlines && this.endsAt <= now;
  }

  /** Whether a deadline, an abort or `end` ended the work. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Milliseconds until the deadline, at least 1; 0 for no deadline. */
  get msLeft(): number {
    return this.#timeoutMs > 0 ? Math.min(this.#timeoutMs, msUntil(this.endsAt)) : 0;
  }

  /** Settles with the outcome of `promise`. */
  follow(promise: Promise<T>): void {
    // `finally` would create two more promises.
    promise.then(
      (value) => this.resolve(value),
      (error: unknown) => this.reject(error),
    );
  }

  resolve(value: T): void {
    const settle = this.#resolve;
    if (this.#release()) settle?.(value);
  }

  reject(reason: unknown): void {
    if (this.within !== undefined) this.within.failureWithin = reason;
    const settle = this.#reject;
    if (this.#release()) settle?.(reason);
  }

  expire(isOneOfMany: boolean): void {
    const message = `no complete reply within ${this.#timeoutMs} ms`;
    const reason = withoutStackTrace(() => new ConnectError(message, Code.DeadlineExceeded));
    this.end(isOneOfMany ? asOneOfMany(reason) : reason);
  }

  abort(): void {
    const reason: unknown = this.#signal?.reason;
    // `end` would mark this error, but other work may have ended with it and sent something.
    if (isConnectError(reason)) this.#finish(reason);
    else this.end(abortReason(reason));
  }

  /** Calls `cancel` with the reason when a limit ends the work, or at once if one already did. */
  onCancel(cancel: (reason: ConnectError) => void): void {
    if (this.#ended === undefined) this.#cancel = cancel;
    else cancel(this.#ended);
  }

  /** Ends the work with an error. The error is marked as unprocessed if no request was sent. */
  end(reason: ConnectError): void {
    if (this.#sent === 0) asUnprocessed(reason);
    this.#finish(reason);
  }

  #finish(reason: ConnectError): void {
    this.#ended = reason;
    const cancel = this.#cancel;
    this.reject(reason);
    cancel?.(reason);
  }

  /**
   * Drops all references, as the work may stay in the queue of deadlines for a while. False if the signal's
   * `removeEventListener` threw: the promise was rejected with its error.
   */
  #release(): boolean {
    this.liftDeadline();
    this.#group?.delete(this);
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
 * Calls `start`, which settles the work. Rejects with a ConnectError at the deadline or the caller's abort, even if the
 * work does not stop. Uses no AbortController: it would cost more than the rest, and most calls have no signal.
 *
 * @param timeoutMs undefined or 0 for no deadline
 * @param group holds the work until it ends
 */
export function startWithin<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  start: (work: LimitedWork<T>) => void,
  group?: Set<EndableWork>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const work = new LimitedWork<T>(timeoutMs ?? 0, signal, resolve, reject, group);
    work.begin();
    if (work.hasEnded) return;
    try {
      start(work);
    } catch (reason) {
      work.reject(reason);
    }
  });
}

/** The same as {@link startWithin} for work that is a promise. */
export function runWithin<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  run: (work: LimitedWork<T>) => Promise<T>,
  group?: Set<EndableWork>,
): Promise<T> {
  return startWithin(timeoutMs, signal, (work: LimitedWork<T>) => work.follow(run(work)), group);
}

/** Milliseconds until a deadline; at least 1, as 0 would mean no limit. */
export function msUntil(deadline: number): number {
  return Math.max(1, Math.ceil(deadline - performance.now()));
}

/** The error of a call after an abort. */
function abortReason(reason: unknown): ConnectError {
  // An interceptor may limit one attempt with AbortSignal.timeout().
  if (reason instanceof DOMException && reason.name === "TimeoutError") {
    return new ConnectError(reason.message, Code.DeadlineExceeded, undefined, undefined, reason);
  }
  return new ConnectError("the call was aborted", Code.Canceled, undefined, undefined, reason);
}
