/** What ends at its deadline, unless that is lifted before. */
export interface Expiring {
  expire(): void;
}

/** The deadline of one call. */
export interface Deadline {
  /** In milliseconds, as `performance.now()` counts them. */
  readonly at: number;
  /** Whoever had it has ended, or is going to end by something else. */
  lift(): void;
}

/** Functions to set timers with. */
export type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout">;

/** Taken now: a test's fake timers come later. */
const { setTimeout, clearTimeout } = globalThis;

/** One that shares its timer with others. */
class SharedDeadline implements Deadline {
  readonly at: number;
  readonly owner: Expiring;
  /** The list that it is in, until it is over. */
  list: DeadlineList | undefined;
  // Its neighbours there.
  previous: SharedDeadline | undefined;
  next: SharedDeadline | undefined;

  constructor(at: number, owner: Expiring, list: DeadlineList) {
    this.at = at;
    this.owner = owner;
    this.list = list;
  }

  lift(): void {
    this.list?.lift(this);
  }
}

/**
 * Deadlines with the same time limit, which pass in the order in which they were set: one timer, for the first of them.
 * It goes on while there are none, without keeping the process alive, for those to come.
 */
class DeadlineList {
  readonly timeoutMs: number;
  /** Called when the last one has gone. */
  readonly #onEmpty: (list: DeadlineList) => void;
  readonly #timers: Timers;
  #first: SharedDeadline | undefined;
  #last: SharedDeadline | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(timeoutMs: number, timers: Timers, onEmpty: (list: DeadlineList) => void) {
    this.timeoutMs = timeoutMs;
    this.#timers = timers;
    this.#onEmpty = onEmpty;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  add(owner: Expiring): Deadline {
    const deadline = new SharedDeadline(performance.now() + this.timeoutMs, owner, this);
    const last = this.#last;
    this.#last = deadline;
    if (last === undefined) this.#first = deadline;
    else {
      last.next = deadline;
      deadline.previous = last;
    }
    if (this.#timer === undefined) this.#start();
    else if (last === undefined) keepAlive(this.#timer, true);
    return deadline;
  }

  lift(deadline: SharedDeadline): void {
    this.#remove(deadline);
    if (this.#first !== undefined) return;
    // A timer that would keep the process alive goes.
    if (!keepAlive(this.#timer, false)) this.stop();
    this.#onEmpty(this);
  }

  stop(): void {
    const { clearTimeout } = this.#timers;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #remove(deadline: SharedDeadline): void {
    const { previous, next } = deadline;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    deadline.list = undefined;
  }

  /** Sets the timer for the first deadline. */
  #start(): void {
    if (this.#first === undefined) return;
    const { at } = this.#first;
    // Not as a method of anything, which browsers do not allow.
    const { setTimeout } = this.#timers;
    this.#timer = setTimeout(
      () => this.#expire(at),
      // It may have passed while those before it were ended.
      Math.max(0, Math.ceil(at - performance.now())),
    );
  }

  /** @param at what the timer was set for; it may come a little early by the other clock */
  #expire(at: number): void {
    this.#timer = undefined;
    const due = Math.max(at, performance.now());
    try {
      for (let first = this.#first; first !== undefined && first.at <= due; first = this.#first) {
        this.#remove(first);
        first.owner.expire();
      }
    } finally {
      if (this.#first === undefined) this.#onEmpty(this);
      else this.#start();
    }
  }
}

/** How many lists may go on without a deadline. */
const maxIdle = 8;

/**
 * The deadlines of a client's calls. Setting a timer for each, and clearing it, would take as long as much of the rest of
 * a call, so those with the same time limit share one, which stays.
 */
export class Deadlines {
  readonly #timers: Timers;
  readonly #lists = new Map<number, DeadlineList>();
  readonly #onEmpty = (list: DeadlineList) => {
    if (list.isRunning && this.#lists.size <= maxIdle) return;
    list.stop();
    this.#lists.delete(list.timeoutMs);
  };

  constructor(timers: Timers = { setTimeout, clearTimeout }) {
    this.#timers = timers;
  }

  /** @param timeoutMs more than 0, and no more than a timer takes */
  add(owner: Expiring, timeoutMs: number): Deadline {
    if (globalThis.setTimeout !== this.#timers.setTimeout) return deadlineOfItsOwn(owner, timeoutMs);
    let list = this.#lists.get(timeoutMs);
    if (list === undefined) {
      list = new DeadlineList(timeoutMs, this.#timers, this.#onEmpty);
      this.#lists.set(timeoutMs, list);
    }
    return list.add(owner);
  }

  /** Ends the timers, where no call is under way any more. */
  close(): void {
    for (const list of this.#lists.values()) list.stop();
    this.#lists.clear();
  }
}

/** A deadline with a timer of its own, of a test that moves its clock as it likes: the one of `performance` may stand. */
function deadlineOfItsOwn(owner: Expiring, timeoutMs: number): Deadline {
  const { setTimeout, clearTimeout } = globalThis;
  const timer = setTimeout(() => owner.expire(), timeoutMs);
  return { at: performance.now() + timeoutMs, lift: () => clearTimeout(timer) };
}

/** Lets a timer keep the process alive, or not; gives false for one that cannot be told, as in browsers. */
function keepAlive(timer: unknown, keep: boolean): boolean {
  if (typeof timer !== "object" || timer === null) return false;
  const { ref, unref }: { ref?: unknown; unref?: unknown } = timer;
  const tell = keep ? ref : unref;
  if (typeof tell !== "function") return false;
  tell.call(timer);
  return true;
}
