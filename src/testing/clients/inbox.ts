import type { Push } from "./push.ts";

interface Waiter {
  readonly matches: (push: Push) => boolean;
  readonly settle: (push: Push | undefined, problem: string) => void;
}

/** The pushes that a client was sent, in order. `next` hands out each of them once. */
export class Inbox {
  readonly received: Push[] = [];
  #unread: Push[] = [];
  readonly #waiters = new Set<Waiter>();

  add(push: Push): void {
    this.received.push(push);
    const waiter = [...this.#waiters].find(({ matches }) => matches(push));
    if (waiter === undefined) this.#unread.push(push);
    else waiter.settle(push, "");
    if (push.type === "disconnect") this.#giveUp();
  }

  /** Waits for the first unread push that matches, until `timeoutMs` or the connection's end. Others stay unread. */
  next(matches: (push: Push) => boolean, wanted: string, timeoutMs: number): Promise<Push> {
    const unread = this.#unread.find(matches);
    if (unread !== undefined) {
      this.#unread = this.#unread.filter((push) => push !== unread);
      return Promise.resolve(unread);
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.settle(undefined, `within ${timeoutMs} ms`), timeoutMs);
      const waiter: Waiter = {
        matches,
        settle: (push, problem) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          if (push !== undefined) resolve(push);
          else reject(new Error(`no ${wanted} ${problem}; unread: ${this.#unreadTypes()}`));
        },
      };
      this.#waiters.add(waiter);
      if (this.received.at(-1)?.type === "disconnect") this.#giveUp();
    });
  }

  /** Rejects all waiters, because no push follows the end of the connection. */
  #giveUp(): void {
    for (const waiter of [...this.#waiters]) waiter.settle(undefined, "before the connection ended");
  }

  #unreadTypes(): string {
    return this.#unread.map((push) => push.type).join(", ") || "nothing";
  }
}
