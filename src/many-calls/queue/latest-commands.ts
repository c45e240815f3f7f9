import type { QueuedCommand } from "./queued-command.ts";

/**
 * The latest command of each channel that has any. A map keeps what was taken out of it until all of the heap is
 * collected, so what is in it lets go of the commands.
 */
export class LatestCommands<Command extends QueuedCommand> {
  readonly #latest = new Map<string, { command: Command | undefined }>();

  /** Puts a command after the latest one of a channel, and gives that one. */
  put(channel: string, command: Command): Command | undefined {
    const latest = this.#latest.get(channel);
    if (latest === undefined) {
      this.#latest.set(channel, { command });
      return undefined;
    }
    const before = latest.command;
    latest.command = command;
    return before;
  }

  /** Makes another command the latest of a channel in place of one, if that is the latest. */
  replace(channel: string, command: Command, other: Command): void {
    const latest = this.#latest.get(channel);
    if (latest?.command === command) latest.command = other;
  }

  /** Forgets a channel whose latest command is this one. */
  forget(channel: string, command: Command): void {
    const latest = this.#latest.get(channel);
    if (latest?.command !== command) return;
    latest.command = undefined;
    this.#latest.delete(channel);
  }
}
