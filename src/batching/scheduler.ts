import type { Message } from "@bufbuild/protobuf";
import { ErrorCode } from "../errors.ts";
import type { Method, MethodTable } from "../methods.ts";
import { batchMessage, errorCodeOf, repliesOf, responseOf } from "./batch-message.ts";
import type { RequestLimits } from "./command-queue.ts";
import { CommandQueue } from "./command-queue.ts";
import { atEndOfTurn } from "./end-of-turn.ts";
import { isReplyFailure, wasNotExecuted } from "./not-executed.ts";
import type { QueuedCommand } from "./queued-command.ts";

export interface SchedulerOptions<Command extends QueuedCommand> extends RequestLimits {
  readonly table: MethodTable;
  /** How many requests that may carry several commands are under way at most. */
  readonly inFlight: number;
  /** How long a command waits for others to share a request with; 0 for the rest of the turn. */
  readonly maxDelayMs: number;
  /** Sends a request that carries these commands. */
  readonly send: (method: Method, message: Message, commands: readonly Command[]) => Promise<Message>;
}

/**
 * Gathers commands and sends them, in one request where several come together, on their own where they cannot share one.
 * Those do not count as under way: they may take long, and would hold up all the others.
 */
export class Scheduler<Command extends QueuedCommand> {
  readonly #options: SchedulerOptions<Command>;
  readonly #queue: CommandQueue<Command>;
  #underWay = 0;
  /** How much came since commands were last sent. */
  #gathered = 0;
  #gatheredBytes = 0;
  /** Whether a timer runs for what came. */
  #timed = false;
  /** Whether there are some left whose time is over, for want of a free place or because of others on their channels. */
  #due = false;
  #endsTurn = false;

  constructor(options: SchedulerOptions<Command>) {
    this.#options = options;
    this.#queue = new CommandQueue(options);
  }

  add(command: Command): void {
    this.#queue.add(command);
    if (command.kind === "alone") {
      this.#sendAlone();
      return;
    }
    this.#gathered++;
    this.#gatheredBytes += command.size;
    const { maxCommands, maxBytes, maxDelayMs } = this.#options;
    if (this.#gathered >= maxCommands || this.#gatheredBytes >= maxBytes) this.#sendShared(1);
    else if (!this.#timed) {
      this.#timed = true;
      if (maxDelayMs > 0) setTimeout(this.#onTime, maxDelayMs);
      else atEndOfTurn(this.#onTime);
    }
  }

  /** Lets go of a command that nobody waits for any more. */
  leave(command: Command): void {
    this.#queue.leave(command);
  }

  readonly #onTime = () => {
    this.#timed = false;
    this.#sendDue();
  };

  readonly #onEndOfTurn = () => {
    this.#endsTurn = false;
    this.#sendDue();
  };

  #sendDue(): void {
    this.#sendShared();
    this.#due = this.#queue.waiting > 0;
  }

  #sendAlone(): void {
    for (let next = this.#queue.takeAlone(); next !== undefined; next = this.#queue.takeAlone()) {
      this.#send(next, false);
    }
  }

  #sendShared(most: number = this.#options.inFlight): void {
    this.#gathered = 0;
    this.#gatheredBytes = 0;
    for (let sent = 0; sent < most && this.#underWay < this.#options.inFlight; sent++) {
      const next = this.#queue.takeShared();
      if (next === undefined) return;
      this.#send(next, true);
    }
  }

  /** @param counts whether the request is one of those that are limited in number */
  #send(request: readonly Command[], counts: boolean): void {
    const commands = request.filter(({ gone }) => !gone);
    if (commands.length === 0) {
      this.#queue.end(request);
      return;
    }
    if (counts) this.#underWay++;
    this.#execute(commands, request).then((again) => {
      if (counts) this.#underWay--;
      this.#queue.end(request, again);
      this.#sendNext();
    });
  }

  /** What waited for a request to end. */
  #sendNext(): void {
    this.#sendAlone();
    if (!this.#queue.hasReady) return;
    if (this.#queue.waiting >= this.#options.maxCommands) {
      this.#sendShared();
    } else if (!this.#endsTurn && (this.#due || !this.#timed)) {
      // Those whose replies have come may go on with another call.
      this.#endsTurn = true;
      atEndOfTurn(this.#onEndOfTurn);
    }
  }

  /**
   * Gives the commands of a request their outcomes, but for those that were not executed and may fare better alone.
   *
   * @param commands those of them that are sent
   */
  async #execute(commands: readonly Command[], request: readonly Command[]): Promise<readonly Command[]> {
    const { table, send } = this.#options;
    const [only, ...others] = commands;
    try {
      if (only === undefined) return [];
      if (others.length === 0) {
        only.resolve(await send(only.method, only.message, commands));
        return [];
      }
      const replies = repliesOf(
        await send(table.batch, batchMessage(table, commands), commands),
        commands.length,
      );
      return commands.filter((command, index) => !settle(command, replies[index] as Message));
    } catch (thrown) {
      const mayGoAlone = others.length > 0 && (wasNotExecuted(thrown) || isSpoiled(commands, thrown));
      if (mayGoAlone) return request;
      for (const command of commands) command.reject(thrown);
      return [];
    }
  }
}

/** Gives a command its reply. Not where a server says that it has no such command: by itself, it says so in its own way. */
function settle(command: QueuedCommand, reply: Message): boolean {
  if (errorCodeOf(reply) === ErrorCode.NOT_FOUND && !command.gone) return false;
  command.resolve(responseOf(command, reply));
  return true;
}

/** Whether the payload of one may have failed them all, and to ask again does no harm. */
function isSpoiled(commands: readonly QueuedCommand[], thrown: unknown): boolean {
  return isReplyFailure(thrown) && commands.every(({ kind }) => kind === "repeatable");
}
