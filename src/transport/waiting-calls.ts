import { Fifo } from "../limits/fifo.ts";
import { atEndOfTurn } from "../limits/run-later.ts";
import type { Cancellation } from "../limits/run-within.ts";
import { queueFullFailure } from "./transport-failure.ts";

/** How many calls a transport sends at a time, and how many may wait for that. */
export interface LoadLimits {
  readonly maxInFlight?: number | undefined;
  readonly maxQueued?: number | undefined;
}

/** A call that waits, or was one. Its functions are gone when it waits no more: they hold all of the call. */
interface Waiter<Place> {
  start: ((place: Place) => void) | undefined;
  reject: ((reason: unknown) => void) | undefined;
}

/** Calls that have left, which may stay in the queue besides as many as wait. */
const spareLeft = 1_000;
/** Calls that are rejected in one turn of the event loop. */
const mostPerTurn = 1_000;

/** Calls that wait for a place, first come, first served. A call that is canceled leaves nothing of itself but its place. */
export class WaitingCalls<Place> {
  readonly #mostQueued: number;
  readonly #onCancel: ((reason: Error & { readonly code: number }) => void) | undefined;
  readonly #waiters = new Fifo<Waiter<Place>>();
  #left = 0;
  #waiting = 0;

  /** @param onCancel is told why a call gave up */
  constructor(
    { maxQueued = Number.POSITIVE_INFINITY }: LoadLimits,
    onCancel?: (reason: Error & { readonly code: number }) => void,
  ) {
    this.#mostQueued = maxQueued;
    this.#onCancel = onCancel;
  }

  get length(): number {
    return this.#waiting;
  }

  add(
    cancellation: Pick<Cancellation, "onCancel">,
    start: (place: Place) => void,
    reject: (reason: unknown) => void,
  ): void {
    if (this.#waiting >= this.#mostQueued) {
      reject(queueFullFailure(this.#mostQueued));
      return;
    }
    const waiter: Waiter<Place> = { start, reject };
    this.#waiting++;
    this.#waiters.push(waiter);
    cancellation.onCancel((reason) => {
      if (waiter.start === undefined) return;
      waiter.start = waiter.reject = undefined;
      this.#waiting--;
      // Each sweep is paid for by as many calls that have left.
      if (++this.#left > this.#waiting + spareLeft) {
        this.#left = 0;
        this.#waiters.keep((other) => other.start !== undefined);
      }
      this.#onCancel?.(reason);
    });
  }

  /** Gives the first of the calls a place. */
  next(place: Place): void {
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      const { start } = waiter;
      if (start === undefined) continue;
      waiter.start = waiter.reject = undefined;
      this.#waiting--;
      start(place);
      return;
    }
  }

  /** Rejects the calls that wait now. Each gets an error of its own, as keys are taken out of errors in place. */
  rejectAll(reason: () => Error): void {
    const rejects = new Fifo<(reason: unknown) => void>();
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      if (waiter.reject !== undefined) rejects.push(waiter.reject);
      waiter.start = waiter.reject = undefined;
    }
    this.#waiting = this.#left = 0;
    const rejectSome = () => {
      for (let count = 0; count < mostPerTurn; count++) rejects.shift()?.(reason());
      if (rejects.length > 0) atEndOfTurn(rejectSome);
    };
    rejectSome();
  }
}
