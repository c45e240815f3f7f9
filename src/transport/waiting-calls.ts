import { Fifo } from "../limits/fifo.ts";
import { atEndOfTurn } from "../limits/run-later.ts";
import type { LimitedWork } from "../limits/run-within.ts";
import { queueFullFailure } from "./transport-failure.ts";

/** How many calls a transport sends at a time, and how many may wait for that. */
export interface LoadLimits {
  readonly maxInFlight?: number | undefined;
  readonly maxQueued?: number | undefined;
}

/** A call that waits for a place. */
export interface Waiter<Place> {
  readonly call: Pick<LimitedWork<never>, "onCancel" | "reject" | "isOverdue">;
  start(place: Place): void;
}

/** The place of a waiter in the queue, which is empty once it waits no more. */
interface Seat<Place> {
  waiter: Waiter<Place> | undefined;
}

/** Calls that have left, which may stay in the queue besides as many as wait. */
const spareLeft = 1_000;
/** Calls that are rejected in one turn of the event loop. */
const mostPerTurn = 1_000;

/** Calls that wait for a place, first come, first served. A call that is canceled leaves nothing of itself but its place. */
export class WaitingCalls<Place> {
  readonly #mostQueued: number;
  readonly #onCancel: ((reason: Error & { readonly code: number }) => void) | undefined;
  readonly #seats = new Fifo<Seat<Place>>();
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

  /** @param free calls that may wait beyond `maxQueued`, as a connection that is being made will take them */
  add(waiter: Waiter<Place>, free = 0): void {
    const { call } = waiter;
    if (this.#waiting >= this.#mostQueued + free) {
      call.reject(queueFullFailure(this.#mostQueued));
      return;
    }
    const seat: Seat<Place> = { waiter };
    this.#waiting++;
    this.#seats.push(seat);
    call.onCancel((reason) => {
      if (seat.waiter === undefined) return;
      seat.waiter = undefined;
      this.#waiting--;
      // Each sweep is paid for by as many calls that have left.
      if (++this.#left > this.#waiting + spareLeft) {
        this.#left = 0;
        this.#seats.keep((other) => other.waiter !== undefined);
      }
      this.#onCancel?.(reason);
    });
  }

  /** Gives a place to the first call that is in time, if there is one. A call whose deadline has passed is ended by that. */
  next(place: Place): boolean {
    const now = performance.now();
    let waiter = this.#shift();
    while (waiter?.call.isOverdue(now)) waiter = this.#shift();
    waiter?.start(place);
    return waiter !== undefined;
  }

  /** Rejects the calls that wait now. Each gets an error of its own, as keys are taken out of errors in place. */
  rejectAll(reason: () => Error): void {
    const waiters = new Fifo<Waiter<Place>>();
    for (let waiter = this.#shift(); waiter !== undefined; waiter = this.#shift()) waiters.push(waiter);
    const rejectSome = () => {
      for (let count = 0; count < mostPerTurn; count++) waiters.shift()?.call.reject(reason());
      if (waiters.length > 0) atEndOfTurn(rejectSome);
    };
    rejectSome();
  }

  #shift(): Waiter<Place> | undefined {
    for (let seat = this.#seats.shift(); seat !== undefined; seat = this.#seats.shift()) {
      const { waiter } = seat;
      if (waiter === undefined) continue;
      seat.waiter = undefined;
      this.#waiting--;
      return waiter;
    }
    return undefined;
  }
}
