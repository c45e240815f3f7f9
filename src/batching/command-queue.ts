import type { BatchKind } from "./batch-kind.ts";
import { Fifo } from "./fifo.ts";
import type { QueuedCommand } from "./queued-command.ts";

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
  /**
   * The latest command of each channel that has any. A map keeps what was taken out of it until all of the heap is
   * collected, so what is in it lets go of the commands.
   */
  readonly #latest = new Map<string, { command: Command | undefined }>();
  #added = 0;
  #waiting = 0;

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
    return this.#oldest() !== undefined || alone.first !== undefined || again.first !== undefined;
  }

  add(command: Command): void {
    command.order = this.#added++;
    this.#waiting++;
    for (const channel of command.channels) {
      const latest = this.#latest.get(channel);
      const before = latest?.command;
      if (before === command) continue;
      if (latest === undefined) this.#latest.set(channel, { command });
      else latest.command = command;
      follow(before, command);
    }
    this.#readyIfFree(command);
  }

  /** Lets go of a command that nobody waits for any more. It keeps its place, for the order of those around it. */
  leave(command: Command): void {
    if (command.gone) return;
    command.gone = true;
    if (command.request === undefined) this.#waiting--;
  }

  /** The next request for a command that goes alone, of its nature or again. The command may be gone by now. */
  takeAlone(kind: "alone" | "again"): readonly Command[] | undefined {
    const command = this.#ready[kind].shift();
    if (command === undefined) return undefined;
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
    if (repeated.length > 0) this.#relink(request, repeated);
    for (const command of request) if (command.request === request) this.#finish(command);
    for (const command of repeated) {
      command.request = undefined;
      command.kind = "again";
      if (!command.gone) this.#waiting++;
      this.#readyIfFree(command);
    }
  }

  /**
   * Makes those of a request that are repeated wait for each other again, and what comes after the request wait for them
   * also where one between them was executed.
   */
  #relink(request: readonly Command[], repeated: readonly Command[]): void {
    for (const command of repeated) {
      command.request = repeated;
      // Those of the request, which did not wait, are linked anew.
      command.followers = command.followers?.filter(({ request }) => request === undefined);
    }
    const last = new Map<string, Command>();
    const after = new Set<Command>();
    for (const command of request) {
      const isRepeated = command.request === repeated;
      for (const channel of command.channels) {
        const before = last.get(channel);
        if (isRepeated) {
          if (before !== command) follow(before, command);
          last.set(channel, command);
        } else if (before !== undefined) {
          const latest = this.#latest.get(channel);
          if (latest?.command === command) latest.command = before;
        }
      }
      if (isRepeated) continue;
      for (const follower of command.followers ?? []) if (follower.request === undefined) after.add(follower);
    }
    for (const command of after) {
      for (const channel of command.channels) follow(last.get(channel), command);
    }
  }

  /** Of the commands that may share a request and are ready, the one that came first. */
  #oldest(): Command | undefined {
    const { together, repeatable } = this.#ready;
    if (together.first === undefined) return repeatable.first;
    if (repeatable.first === undefined) return together.first;
    return together.first.order < repeatable.first.order ? together.first : repeatable.first;
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
      const command = following ? next.at(-1) : ready.first;
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

  #finish(command: Command): void {
    for (const channel of command.channels) {
      const latest = this.#latest.get(channel);
      if (latest?.command !== command) continue;
      latest.command = undefined;
      this.#latest.delete(channel);
    }
    for (const follower of command.followers ?? []) {
      // One that is in a request did not wait for this one.
      if (follower.request !== undefined) continue;
      follower.blockers--;
      this.#readyIfFree(follower);
    }
    command.followers = undefined;
  }

  #readyIfFree(command: Command): void {
    if (command.blockers === 0) this.#ready[command.kind].push(command);
  }
}

/** Lets a command wait for the one before it, if there is one. */
function follow<Command extends QueuedCommand>(before: Command | undefined, command: Command): void {
  if (before === undefined) return;
  if (before.followers === undefined) before.followers = [command];
  else before.followers.push(command);
  command.blockers++;
}
