import { Fifo } from "./fifo.ts";

/** Work that a deadline ends. It is its own entry in the queue of deadlines: one object less for each call. */
export abstract class Expiring {
  /** When the deadline is, in milliseconds as `performance.now()` counts them. */
  endsAt = Number.POSITIVE_INFINITY;
  /** Who keeps the deadline; undefined where there is none any more. */
  keeper: DeadlineKeeper | undefined;

  abstract expire(): void;

  /** Cancels the deadline. Safe to call twice. */
  liftDeadline(): void {
    const { keeper } = this;
    this.keeper = undefined;
    keeper?.onLift();
  }
}

interface DeadlineKeeper {
  onLift(): void;
}

/** Functions to set timers with. */
export type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/** Taken now: a test's fake timers come later. */
const { setTimeout, clearTimeout } = globalThis;

/** Lifted deadlines that a queue may hold besides as many as are live: dropping them costs one step each on average. */
const spareLifted = 100;

/** How many queues may keep an idle timer. */
const maxIdle = 8;

/**
 * Deadlines with the same time limit, which pass in the order in which they were set: one timer, for the first of them.
 * Work whose deadline is lifted stays in the queue until its turn comes. While no deadline is live the timer goes on without keeping
 * the process alive, for the deadlines to come.
 */
class DeadlineQueue implements DeadlineKeeper {
  readonly #timeoutMs: number;
  readonly #timers: Timers;
  readonly #onIdle: (queue: DeadlineQueue) => void;
  readonly #work = new Fifo<Expiring>();
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

  add(work: Expiring): void {
    work.endsAt = performance.now() + this.#timeoutMs;
    work.keeper = this;
    this.#work.push(work);
    this.#live++;
    if (this.#timer === undefined) this.#start();
    else if (this.#live === 1) this.#timer.ref();
  }

  onLift(): void {
    this.#live--;
    if (this.#work.length > 2 * this.#live + spareLifted) this.#work.keep(({ keeper }) => keeper === this);
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

  /** Sets the timer for the first deadline that is not lifted. */
  #start(): void {
    while (this.#work.first !== undefined && this.#work.first.keeper !== this) this.#work.shift();
    const { first } = this.#work;
    if (first === undefined) {
      this.#onIdle(this);
      return;
    }
    const { endsAt } = first;
    const { setTimeout } = this.#timers;
    // A deadline may pass while the deadlines before it are ended.
    this.#timer = setTimeout(() => this.#expire(endsAt), Math.max(0, Math.ceil(endsAt - performance.now())));
  }

  /** @param at what the timer was set for; the timer may come a little early by the other clock */
  #expire(at: number): void {
    this.#timer = undefined;
    const due = Math.max(at, performance.now());
    try {
      for (let work = this.#work.first; work !== undefined && work.endsAt <= due; work = this.#work.first) {
        this.#work.shift();
        if (work.keeper !== this) continue;
        work.keeper = undefined;
        this.#live--;
        work.expire();
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
  add(work: Expiring, timeoutMs: number): void {
    if (!this.#canShare()) {
      setDeadlineOfItsOwn(work, timeoutMs);
      return;
    }
    let queue = this.#queues.get(timeoutMs);
    if (queue === undefined) {
      queue = new DeadlineQueue(timeoutMs, this.#timers, (idle) => this.#onIdle(idle, timeoutMs));
      this.#queues.set(timeoutMs, queue);
    }
    queue.add(work);
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

function setDeadlineOfItsOwn(work: Expiring, timeoutMs: number): void {
  const { setTimeout, clearTimeout } = globalThis;
  const timer = setTimeout(() => {
    work.keeper = undefined;
    work.expire();
  }, timeoutMs);
  work.endsAt = performance.now() + timeoutMs;
  work.keeper = { onLift: () => clearTimeout(timer) };
}
