import { Fifo } from "./fifo.ts";
import { isWorkerd } from "./workerd.ts";

/** Work that ends at a deadline. It is its own queue entry, which saves an object for each call. */
export abstract class Expiring {
  /** The deadline, on the clock of `performance.now()`. */
  endsAt = Number.POSITIVE_INFINITY;
  /** Holds the deadline; undefined once it has passed or was lifted. */
  keeper: { onLift(): void } | undefined;

  /** @param isOneOfMany whether 100 other deadlines passed earlier in this turn of the event loop */
  abstract expire(isOneOfMany: boolean): void;

  /** Cancels the deadline. Safe to call twice. */
  liftDeadline(): void {
    const { keeper } = this;
    this.keeper = undefined;
    keeper?.onLift();
  }
}

export type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/** The real functions, taken before a test can install fake timers. */
const { setTimeout, clearTimeout } = globalThis;

/** Lifted deadlines are dropped when they outnumber the live ones by this: amortised O(1). */
const spareLifted = 100;

/** The most deadlines per turn of the event loop. The errors of 200,000 calls at once would block it for seconds. */
const mostPerTurn = 1_000;
/** Errors per turn that get a stack trace each. */
const few = 100;

/**
 * Keeps the deadlines of all calls with one timer: with a timer for each, calls with batching take 1.2 times the CPU.
 * Each time limit has a queue, in which deadlines pass in the order they were set. Lifted deadlines stay in their queue
 * until their turn comes. Without a live deadline the timer does not keep the process alive.
 */
export class DeadlinePool {
  readonly #timers: Timers;
  readonly #queues = new Map<number, Fifo<Expiring>>();
  #live = 0;
  #lifted = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #hasShareableTimers: boolean | undefined;

  constructor(timers: Timers = { setTimeout, clearTimeout }) {
    this.#timers = timers;
  }

  /** @param timeoutMs more than 0, and at most 2^31 - 1 */
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
    // This deadline may have passed while work with earlier deadlines was ended.
    const ms = Math.max(0, Math.ceil(at - performance.now()));
    this.#timer = this.#timers.setTimeout(this.#onTimer, ms);
  }

  readonly #onTimer = () => {
    // By the clock of `performance` a timer may fire a little early.
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
   * False under a test's fake timers: the test may move their clock, but not that of `performance`. False in browsers and
   * other runtimes without `unref`: an idle timer could not be released. False in workerd, where a timer ends with the
   * request that set it.
   */
  #canShare(): boolean {
    const { setTimeout, clearTimeout } = this.#timers;
    if (globalThis.setTimeout !== setTimeout) return false;
    if (this.#hasShareableTimers === undefined) {
      const timer: unknown = setTimeout(() => {}, 0);
      clearTimeout(timer as NodeJS.Timeout);
      const { ref, unref } = timer as Partial<NodeJS.Timeout>;
      this.#hasShareableTimers = typeof ref === "function" && typeof unref === "function" && !isWorkerd();
    }
    return this.#hasShareableTimers;
  }
}

/** All clients share this pool. */
export const deadlines = new DeadlinePool();

/** Keeps one deadline with its own timer. */
function ownTimer(work: Expiring, timeoutMs: number): Expiring["keeper"] {
  const { setTimeout, clearTimeout } = globalThis;
  const timer = setTimeout(() => {
    work.keeper = undefined;
    work.expire(false);
  }, timeoutMs);
  return { onLift: () => clearTimeout(timer) };
}
