import type { BatchKind } from "./batch-kind.ts";
import { Fifo } from "./fifo.ts";
import { LatestCommands } from "./latest-commands.ts";
import type { QueuedCommand } from "./queued-command.ts";
import { follow } from "./queued-command.ts";
import { relink } from "./relink.ts";

/** How much a request may hold. */
export interface RequestLimits {
  readonly maxCommands: number;
  readonly maxBytes: number;
}

/**
 * The commands that were not executed yet. A channel never has commands in two requests at the same time, so that they
 * are executed in the order in which they came: each waits for the one before it on each of its channels, unless both
 * are in one request, whose commands the server executes one after another.
 */
export class CommandQueue<Command extends QueuedCommand> {
  readonly #limits: RequestLimits;
  /** What waits for nothing but its turn. */
  readonly #ready: Readonly<Record<BatchKind, Fifo<Command>>> = {
    together: new Fifo(),
    repeatable: new Fifo(),
    alone: new Fifo(),
    again: new Fifo(),
  };
  readonly #latest = new LatestCommands<Command>();
  #added = 0;
  #waiting = 0;
  /** How many of those that are ready are gone, about. */
  #goneReady = 0;

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  /** How many commands are still to be sent. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether there is one that could be sent now. */
  get hasReady(): boolean {
    const { alone, again } = this.#ready;
    return this.#oldest() !== undefined || firstOf(alone) !== undefined || firstOf(again) !== undefined;
  }

  add(command: Command): void {
    command.order = this.#added++;
    this.#waiting++;
    for (const channel of command.channels) {
      const before = this.#latest.put(channel, command);
      if (before !== command) follow(before, command);
    }
    this.#readyIfFree(command);
  }

  /**
   * Lets go of a command that nobody waits for any more. One that waits for others keeps its place, for the order of
   * those around it, and nothing else.
   */
  leave(command: Command): void {
    if (command.gone) return;
    command.gone = true;
    if (command.request !== undefined) return;
    this.#waiting--;
    command.forget();
    if (command.blockers > 0) return;
    this.#finish(command);
    this.#goneReady++;
    // Only when they are the most, so that each that is kept was paid for by one that is not.
    if (this.#goneReady <= this.#waiting) return;
    this.#goneReady = 0;
    for (const ready of Object.values(this.#ready)) ready.keep(({ gone }) => !gone);
  }

  /** The next request for a command that goes alone, of its nature or again. */
  takeAlone(kind: "alone" | "again"): readonly Command[] | undefined {
    const ready = this.#ready[kind];
    const command = firstOf(ready);
    if (command === undefined) return undefined;
    ready.shift();
    const request = [command];
    this.#enter(command, request);
    return request;
  }

  /** The next request that may carry several commands. Some of them, or all, may be gone by now. */
  takeShared(maxCommands: number = this.#limits.maxCommands): readonly Command[] | undefined {
    const kind = this.#oldest()?.kind;
    return kind && this.#compose(kind, maxCommands);
  }

  /**
   * A request has ended. Those of its commands that are in `again` were not executed, and go alone now. Where none was,
   * `again` is all of the request, also those that are gone, which keep the others in their order.
   */
  end(request: readonly Command[], again: readonly Command[] = []): void {
    const repeated = [...again];
    if (repeated.length > 0) relink(request, repeated, this.#latest);
    for (const command of request) if (command.request === request) this.#finish(command);
    for (const command of repeated) {
      command.request = undefined;
      command.kind = "again";
      if (command.gone) command.forget();
      else this.#waiting++;
    }
    // Which these are is settled first: one that is gone makes way for others of them.
    for (const command of repeated.filter(({ blockers }) => blockers === 0)) this.#readyIfFree(command);
  }

  /** Of the commands that may share a request and are ready, the one that came first. */
  #oldest(): Command | undefined {
    const together = firstOf(this.#ready.together);
    const repeatable = firstOf(this.#ready.repeatable);
    if (together === undefined) return repeatable;
    if (repeatable === undefined) return together;
    return together.order < repeatable.order ? together : repeatable;
  }

  /**
   * Takes commands in the order in which they became ready, and after each those that wait for nothing outside of the
   * request: it takes all that there is for a few channels, and leaves the other channels to other requests.
   */
  #compose(kind: BatchKind, maxCommands: number): readonly Command[] {
    const ready = this.#ready[kind];
    const request: Command[] = [];
    const next: Command[] = [];
    let count = 0;
    let bytes = 0;
    for (;;) {
      const following = next.length > 0;
      const command = following ? next.at(-1) : firstOf(ready);
      if (command === undefined) break;
      if (!command.gone) {
        if (count === maxCommands) break;
        if (count > 0 && bytes + command.size > this.#limits.maxBytes) break;
        count++;
        bytes += command.size;
      }
      if (following) next.pop();
      else ready.shift();
      request.push(command);
      this.#enter(command, request);
      for (const follower of command.followers ?? []) {
        follower.blockers--;
        if (follower.blockers === 0 && follower.kind === kind) next.push(follower);
      }
    }
    // Those that did not get in wait for its end.
    for (const { followers = [] } of request) {
      for (const follower of followers) if (follower.request !== request) follower.blockers++;
    }
    return request;
  }

  #enter(command: Command, request: readonly Command[]): void {
    command.request = request;
    if (!command.gone) this.#waiting--;
  }

  /** Makes room for what waited for a command, and for what waited for those of them that are gone. */
  #finish(command: Command): void {
    let gone: Command[] | undefined;
    for (let over: Command | undefined = command; over !== undefined; over = gone?.pop()) {
      for (const channel of over.channels) this.#latest.forget(channel, over);
      const { followers = [] } = over;
      over.followers = undefined;
      for (const follower of followers) {
        // One that is in a request did not wait for this one.
        if (follower.request !== undefined) continue;
        follower.blockers--;
        if (follower.blockers > 0) continue;
        if (!follower.gone) this.#ready[follower.kind].push(follower);
        else if (gone === undefined) gone = [follower];
        else gone.push(follower);
      }
    }
  }

  #readyIfFree(command: Command): void {
    if (command.blockers > 0) return;
    if (command.gone) this.#finish(command);
    else this.#ready[command.kind].push(command);
  }
}

/** The first that is not gone. Nothing waits for one that is. */
function firstOf<Command extends QueuedCommand>(ready: Fifo<Command>): Command | undefined {
  while (ready.first?.gone) ready.shift();
  return ready.first;
}
