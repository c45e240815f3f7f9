import { timeLeft } from "../send.ts";

/** What ends at its deadline, unless it has left the group before. */
export interface Expiring {
  expire(): void;
}

/** Those that have the same deadline, with one timer for all. */
export class DeadlineGroup {
  /** In milliseconds, as `performance.now()` counts them. */
  readonly at: number;
  readonly #members: Expiring[] = [];
  readonly #timer: ReturnType<typeof setTimeout>;
  #left = 0;

  constructor(at: number) {
    this.at = at;
    this.#timer = setTimeout(() => this.#expire(), timeLeft(at));
  }

  join(member: Expiring): void {
    this.#members.push(member);
    this.#left++;
  }

  /** One of the members needs no deadline any more. */
  leave(): void {
    this.#left--;
    if (this.#left === 0) clearTimeout(this.#timer);
  }

  /** Whether its timer was stopped, so that nobody can join any more. */
  get isOver(): boolean {
    return this.#left === 0;
  }

  #expire(): void {
    for (const member of this.#members) member.expire();
  }
}

/**
 * Deadlines of calls that are made by the thousand: a timer for each would take as long as much of the rest. They are
 * rounded up to the millisecond.
 */
export class Deadlines {
  #latest: DeadlineGroup | undefined;

  add(member: Expiring, timeoutMs: number): DeadlineGroup {
    const at = Math.ceil(performance.now() + timeoutMs);
    let group = this.#latest;
    if (group === undefined || group.at !== at || group.isOver) {
      group = new DeadlineGroup(at);
      this.#latest = group;
    }
    group.join(member);
    return group;
  }
}
