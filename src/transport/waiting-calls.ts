import { Fifo } from "../limits/fifo.ts";
import { atEndOfTurn } from "../limits/run-later.ts";
import type { LimitedWork } from "../limits/run-within.ts";
import { queueFullFailure } from "./transport-failure.ts";

/** Limits on the calls in flight, and on the calls that wait for a place. */
export interface LoadLimits {
  readonly maxInFlight?: number | undefined;
  readonly maxQueued?: number | undefined;
}

/** A call that waits for a place. */
export interface Waiter<Place> {
  readonly call: Pick<LimitedWork<never>, "onCancel" | "reject" | "isOverdue">;
  start(place: Place): void;
}

/** A waiter's seat in the queue. It is empty once the call has started or was canceled. */
interface Seat<Place> {
  waiter: Waiter<Place> | undefined;
}

/** Seats of canceled calls are swept when they outnumber the waiting calls by this many. */
const spareLeft = 1_000;
/** Calls rejected per turn of the event loop. */
const mostPerTurn = 1_000;

/** A first-come, first-served queue of calls. A canceled call leaves only an empty seat. */
export class WaitingCalls<Place> {
  readonly #mostQueued: number;
  readonly #onCancel: ((reason: Error & { readonly code: number }) => void) | undefined;
  readonly #seats = new Fifo<Seat<Place>>();
  #left = 0;
  #waiting = 0;

  /** @param onCancel called with the reason when a waiting call is canceled */
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

  /** @param free calls allowed beyond `maxQueued`, because an opening connection will take them */
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
      // Each sweep removes more seats than it keeps: amortised O(1).
      if (++this.#left > this.#waiting + spareLeft) {
        this.#left = 0;
        this.#seats.keep((other) => other.waiter !== undefined);
      }
      this.#onCancel?.(reason);
    });
  }

  /** Starts the first call that is not overdue; false if there is none. Its deadline ends an overdue call. */
  next(place: Place): boolean {
    const now = performance.now();
    let waiter = this.#shift();
    while (waiter?.call.isOverdue(now)) waiter = this.#shift();
    waiter?.start(place);
    return waiter !== undefined;
  }

  /** Rejects all waiting calls. Each gets its own error, because keys are removed from errors in place. */
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
