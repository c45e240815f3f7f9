import { Fifo } from "./fifo.ts";

/** Something that a deadline ends. */
export interface Expiring {
  expire(): void;
}

/** The deadline of one call. */
export interface Deadline {
  /** In milliseconds, as `performance.now()` counts them. */
  readonly at: number;
  /** Cancels the deadline. Safe to call twice. */
  lift(): void;
}

/** Functions to set timers with. */
export type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/** Taken now: a test's fake timers come later. */
const { setTimeout, clearTimeout } = globalThis;

/** Lifted deadlines that a queue may hold besides as many as are live: dropping them costs one step each on average. */
const spareLifted = 100;

/** How many queues may keep an idle timer. */
const maxIdle = 8;

class QueuedDeadline implements Deadline {
  readonly at: number;
  readonly #queue: DeadlineQueue;
  /** Undefined once the deadline is lifted or over. */
  #owner: Expiring | undefined;

  constructor(at: number, owner: Expiring, queue: DeadlineQueue) {
    this.at = at;
    this.#owner = owner;
    this.#queue = queue;
  }

  get isLive(): boolean {
    return this.#owner !== undefined;
  }

  lift(): void {
    if (this.#owner === undefined) return;
    this.#owner = undefined;
    this.#queue.onLift();
  }

  take(): Expiring | undefined {
    const owner = this.#owner;
    this.#owner = undefined;
    return owner;
  }
}

/**
 * Deadlines with the same time limit, which pass in the order in which they were set: one timer, for the first of them.
 * A lifted deadline stays in the queue until its turn comes. While no deadline is live the timer goes on without keeping
 * the process alive, for the deadlines to come.
 */
class DeadlineQueue {
  readonly #timeoutMs: number;
  readonly #timers: Timers;
  readonly #onIdle: (queue: DeadlineQueue) => void;
  readonly #deadlines = new Fifo<QueuedDeadline>();
  #live = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, timers: Timers, onIdle: (queue: DeadlineQueue) => void) {
    this.#timeoutMs = timeoutMs;
    this.#timers = timers;
    this.#onIdle = onIdle;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  add(owner: Expiring): Deadline {
    const deadline = new QueuedDeadline(performance.now() + this.#timeoutMs, owner, this);
    this.#deadlines.push(deadline);
    this.#live++;
    if (this.#timer === undefined) this.#start();
    else if (this.#live === 1) this.#timer.ref();
    return deadline;
  }

  onLift(): void {
    this.#live--;
    if (this.#deadlines.length > 2 * this.#live + spareLifted) this.#deadlines.keep(({ isLive }) => isLive);
    if (this.#live > 0) return;
    this.#timer?.unref();
    this.#onIdle(this);
  }

  stop(): void {
    // Browsers do not allow this function as a method of an object.
    const { clearTimeout } = this.#timers;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Sets the timer for the first live deadline. */
  #start(): void {
    while (this.#deadlines.first?.isLive === false) this.#deadlines.shift();
    const { first } = this.#deadlines;
    if (first === undefined) {
      this.#onIdle(this);
      return;
    }
    const { setTimeout } = this.#timers;
    // A deadline may pass while the deadlines before it are ended.
    const ms = Math.max(0, Math.ceil(first.at - performance.now()));
    this.#timer = setTimeout(() => this.#expire(first.at), ms);
  }

  /** @param at what the timer was set for; the timer may come a little early by the other clock */
  #expire(at: number): void {
    this.#timer = undefined;
    const due = Math.max(at, performance.now());
    try {
      for (
        let { first } = this.#deadlines;
        first !== undefined && first.at <= due;
        { first } = this.#deadlines
      ) {
        this.#deadlines.shift();
        const owner = first.take();
        if (owner === undefined) continue;
        this.#live--;
        owner.expire();
      }
    } finally {
      this.#start();
    }
  }
}

/**
 * The deadlines of calls. To set a timer for each call and to clear it would take as long as much of the rest of a call,
 * so calls with the same time limit share one.
 */
export class DeadlinePool {
  readonly #timers: Timers;
  readonly #queues = new Map<number, DeadlineQueue>();
  #hasUnref: boolean | undefined;
  readonly #onIdle = (queue: DeadlineQueue, timeoutMs: number) => {
    if (queue.isRunning && this.#queues.size <= maxIdle) return;
    queue.stop();
    this.#queues.delete(timeoutMs);
  };

  constructor(timers: Timers = { setTimeout, clearTimeout }) {
    this.#timers = timers;
  }

  /** @param timeoutMs more than 0, and no more than a timer takes */
  add(owner: Expiring, timeoutMs: number): Deadline {
    if (!this.#canShare()) return deadlineOfItsOwn(owner, timeoutMs);
    let queue = this.#queues.get(timeoutMs);
    if (queue === undefined) {
      queue = new DeadlineQueue(timeoutMs, this.#timers, (idle) => this.#onIdle(idle, timeoutMs));
      this.#queues.set(timeoutMs, queue);
    }
    return queue.add(owner);
  }

  /**
   * Not while a test's fake timers stand in the place of real ones: the test may move the clock of timers and leave that
   * of `performance` alone. Not in runtimes whose timers cannot be unref'd, as in browsers: an idle timer would stay.
   */
  #canShare(): boolean {
    const { setTimeout, clearTimeout } = this.#timers;
    if (globalThis.setTimeout !== setTimeout) return false;
    if (this.#hasUnref === undefined) {
      const timer: unknown = setTimeout(() => {}, 0);
      clearTimeout(timer as NodeJS.Timeout);
      this.#hasUnref = typeof timer === "object";
    }
    return this.#hasUnref;
  }
}

/** The deadlines of all clients. */
export const deadlines = new DeadlinePool();

function deadlineOfItsOwn(owner: Expiring, timeoutMs: number): Deadline {
  const { setTimeout, clearTimeout } = globalThis;
  const timer = setTimeout(() => owner.expire(), timeoutMs);
  return { at: performance.now() + timeoutMs, lift: () => clearTimeout(timer) };
}
