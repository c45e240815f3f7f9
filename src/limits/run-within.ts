import { Code, ConnectError } from "@connectrpc/connect";
import type { Abortable } from "./abort-watch.ts";
import { AbortWatch } from "./abort-watch.ts";
import { deadlines, Expiring } from "./deadlines.ts";
import { markOf, withMark } from "./marks.ts";
import { asOneOfMany, withoutStackTrace } from "./stack-traces.ts";

/** The code that does the work says here how to stop it, and how many requests it has sent. */
export type Cancellation = Pick<LimitedWork<unknown>, "onCancel" | "countSent" | "hasEnded">;

const unprocessed = Symbol("unprocessed");

/** Says of an error that the server has processed nothing of the request. */
export function asUnprocessed<Reason extends object>(reason: Reason, holds = true): Reason {
  return withMark(reason, unprocessed, holds);
}

/** Whether the server has processed nothing of the request that failed with this error; undefined where it does not say. */
export function isUnprocessed(reason: object): boolean | undefined {
  return markOf(reason, unprocessed);
}

/** Work that can be ended from outside. */
export type EndableWork = Pick<LimitedWork<never>, "end">;

/** A promise that settles with the outcome of some work, or at its deadline or the caller's abort before that. */
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
  /** The work that this one is a part of. */
  within: LimitedWork<T> | undefined;
  /** The error of the part that failed last. */
  failureWithin: unknown;

  /**
   * @param timeoutMs 0 for no deadline
   * @param group holds the work while it is under way
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

  /** Sets the limits. @throws what the signal throws, which may be of the caller's own making */
  begin(): void {
    const signal = this.#signal;
    if (signal?.aborted) {
      this.abort();
      return;
    }
    if (signal !== undefined) this.#watch = AbortWatch.add(signal, this);
    this.#group?.add(this);
    // The deadline comes last, so that work whose signal throws has none.
    if (this.#timeoutMs > 0) deadlines.add(this, this.#timeoutMs);
  }

  /** How many of its requests the server may have processed; undefined while nobody counts them. */
  get sent(): number | undefined {
    return this.#sent;
  }

  /**
   * The code that does the work counts its requests.
   *
   * @param change 0 as it begins, 1 for a request that is being written, -1 for one of which nothing was processed
   */
  countSent(change: 0 | 1 | -1): void {
    this.#sent = (this.#sent ?? 0) + change;
    this.within?.countSent(change);
  }

  /** Whether the shared timer is about to end the work. */
  isOverdue(now: number): boolean {
    return this.keeper === deadlines && this.endsAt <= now;
  }

  /** Whether a limit has ended the work. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Milliseconds that are left; 0 for no limit. */
  get msLeft(): number {
    return this.#timeoutMs > 0 ? Math.min(this.#timeoutMs, msUntil(this.endsAt)) : 0;
  }

  /** Settles as a promise does. */
  follow(promise: Promise<T>): void {
    // `finally` would make two promises more.
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
    // Other work may have ended for the same reason, with another answer to what was sent.
    if (reason instanceof ConnectError) this.#finish(reason);
    else this.end(abortReason(reason));
  }

  /** Calls `cancel` with the reason when the limits end the work, or at once if they already did. */
  onCancel(cancel: (reason: ConnectError) => void): void {
    if (this.#ended === undefined) this.#cancel = cancel;
    else cancel(this.#ended);
  }

  /** Ends the work with an error, and says of it whether the server has processed anything. */
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
   * Lets go of all that the work holds: it may stay in the queue of deadlines for a while. Gives false where the signal
   * threw, which may be of the caller's own making: the promise has rejected with that.
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
 * Calls `start`, which settles the work, and rejects with a ConnectError at the deadline or the caller's abort, even if the
 * work does not stop. An AbortController would cost more than the rest, and most calls have no signal.
 *
 * @param timeoutMs undefined or 0 for no deadline
 * @param group holds the work while it is under way
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

/** The same for work that is a promise. */
export function runWithin<T>(
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
  run: (work: LimitedWork<T>) => Promise<T>,
  group?: Set<EndableWork>,
): Promise<T> {
  return startWithin(timeoutMs, signal, (work: LimitedWork<T>) => work.follow(run(work)), group);
}

/** Milliseconds until a deadline, as time limits have them: one at least, for 0 is no limit. */
export function msUntil(deadline: number): number {
  return Math.max(1, Math.ceil(deadline - performance.now()));
}

/** The error of a call whose signal is aborted. */
function abortReason(reason: unknown): ConnectError {
  // An interceptor's AbortSignal.timeout(), for one try.
  if (reason instanceof DOMException && reason.name === "TimeoutError") {
    return new ConnectError(reason.message, Code.DeadlineExceeded, undefined, undefined, reason);
  }
  return new ConnectError("the call was aborted", Code.Canceled, undefined, undefined, reason);
}
