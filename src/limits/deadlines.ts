import { Fifo } from "./fifo.ts";

/** Work that a deadline ends. It is its own entry in the queue of deadlines: one object less for each call. */
export abstract class Expiring {
  /** When the deadline is, in milliseconds as `performance.now()` counts them. */
  endsAt = Number.POSITIVE_INFINITY;
  /** The object that keeps the deadline; undefined where there is none any more. */
  keeper: { onLift(): void } | undefined;

  /** @param isOneOfMany whether much work ends in this turn of the event loop */
  abstract expire(isOneOfMany: boolean): void;

  /** Cancels the deadline. Safe to call twice. */
  liftDeadline(): void {
    const { keeper } = this;
    this.keeper = undefined;
    keeper?.onLift();
  }
}

/** Functions to set timers with. */
export type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/** These are the real functions: a test's fake timers come later. */
const { setTimeout, clearTimeout } = globalThis;

/** The pool keeps this many lifted deadlines besides as many as are live: to drop them costs one step each on average. */
const spareLifted = 100;

/** Work that ends in one turn of the event loop. The errors of 200,000 calls at once would block it for seconds. */
const mostPerTurn = 1_000;
/** The work of a turn that is not yet much. */
const few = 100;

/**
 * Keeps the deadlines of calls in a queue for each time limit, where they pass in the order of their setting, with one
 * timer for all: with a timer for each, calls with batching take 1.2 times the CPU. Work whose deadline is lifted stays in
 * its queue until its turn comes. The timer keeps no process alive while no deadline is live.
 */
export class DeadlinePool {
  readonly #timers: Timers;
  readonly #queues = new Map<number, Fifo<Expiring>>();
  #live = 0;
  #lifted = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #hasUnref: boolean | undefined;

  constructor(timers: Timers = { setTimeout, clearTimeout }) {
    this.#timers = timers;
  }

  /** @param timeoutMs more than 0, and no more than a timer takes */
  add(work: Expiring, timeoutMs: number): void {
    work.endsAt = performance.now() + timeoutMs;
    if (!this.#canShare()) {
      work.keeper = ownTimer(work, timeoutMs);
      return;
    }
    work.keeper = this;
    const queue = this.#queues.get(timeoutMs) ?? new Fifo<Expiring>();
    if (queue.length === 0) this.#queues.set(timeoutMs, queue);
    queue.push(work);
    if (this.#live++ === 0) this.#timer?.ref();
    if (work.endsAt < this.#timerAt) this.#setTimer(work.endsAt);
  }

  onLift(): void {
    if (--this.#live === 0) this.#timer?.unref();
    if (++this.#lifted <= this.#live + spareLifted) return;
    this.#lifted = 0;
    for (const [timeoutMs, queue] of this.#queues) {
      queue.keep(({ keeper }) => keeper === this);
      if (queue.length === 0) this.#queues.delete(timeoutMs);
    }
  }

  #setTimer(at: number): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timerAt = at;
    // A deadline may pass while the deadlines before it are ended.
    const ms = Math.max(0, Math.ceil(at - performance.now()));
    this.#timer = this.#timers.setTimeout(this.#onTimer, ms);
  }

  readonly #onTimer = () => {
    // The timer may come a little early by the other clock.
    const due = Math.max(this.#timerAt, performance.now());
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    let left = mostPerTurn;
    try {
      for (const queue of this.#queues.values()) {
        for (let work = queue.first; work !== undefined && work.endsAt <= due; work = queue.first) {
          if (work.keeper === this && left-- === 0) return;
          queue.shift();
          if (work.keeper !== this) continue;
          work.keeper = undefined;
          this.#live--;
          work.expire(mostPerTurn - left > few);
        }
      }
    } finally {
      this.#setNext();
    }
  };

  /** Sets the timer for the first deadline that is not lifted. */
  #setNext(): void {
    let next = this.#timerAt;
    for (const [timeoutMs, queue] of this.#queues) {
      while (queue.first !== undefined && queue.first.keeper !== this) queue.shift();
      if (queue.first === undefined) this.#queues.delete(timeoutMs);
      else next = Math.min(next, queue.first.endsAt);
    }
    if (next < this.#timerAt) this.#setTimer(next);
  }

  /**
   * Calls share no timer under a test's fake timers: the test may move their clock and leave that of `performance` alone.
   * Nor do they in runtimes whose timers cannot be unref'd, as in browsers: an idle timer would stay.
   */
  #canShare(): boolean {
    const { setTimeout, clearTimeout } = this.#timers;
    if (globalThis.setTimeout !== setTimeout) return false;
    if (this.#hasUnref === undefined) {
      const timer: unknown = setTimeout(() => {}, 0);
      clearTimeout(timer as NodeJS.Timeout);
      const { ref, unref } = timer as Partial<NodeJS.Timeout>;
      this.#hasUnref = typeof ref === "function" && typeof unref === "function";
    }
    return this.#hasUnref;
  }
}

/** The deadlines of all clients. */
export const deadlines = new DeadlinePool();

/** A keeper for one deadline, with a timer of its own. */
function ownTimer(work: Expiring, timeoutMs: number): Expiring["keeper"] {
  const { setTimeout, clearTimeout } = globalThis;
  const timer = setTimeout(() => {
    work.keeper = undefined;
    work.expire(false);
  }, timeoutMs);
  return { onLift: () => clearTimeout(timer) };
}
