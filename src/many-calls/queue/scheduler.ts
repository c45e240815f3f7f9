import type { Message } from "@bufbuild/protobuf";
import { isReplyFailure, wasNotExecuted } from "../../errors/not-executed.ts";
import { afterDelay, afterMicrotasks, atEndOfTurn } from "../../limits/end-of-turn.ts";
import type { RequestLimits } from "./command-queue.ts";
import { CommandQueue } from "./command-queue.ts";
import type { QueuedCommand } from "./queued-command.ts";

/**
 * Sends commands in one request, and gives the response to each; undefined for one that was not executed, as the server
 * does not have it in requests that carry several.
 */
export type Carry<Command> = (commands: readonly Command[]) => Promise<readonly (Message | undefined)[]>;

export interface SchedulerOptions<Command extends QueuedCommand> extends RequestLimits {
  /** How many requests are under way at most. */
  readonly inFlight: number;
  /** Whether what goes alone of its nature is sent at once, however many are under way. Default false. */
  readonly sendsAlone?: boolean;
  /** How long a command waits for others to share a request with; 0 for the rest of the turn. */
  readonly maxDelayMs: number;
  /** Sends commands in one request. */
  readonly carry: Carry<Command>;
  /** Called after a request has ended and its commands have their outcomes. */
  readonly onEnd?: () => void;
}

/** A request with more commands than this may leave some to others. */
const worthwhile = 100;

/**
 * Gathers commands and sends them, in one request where several come together, on their own where they cannot share one.
 * Where these are sent at once, they do not count as under way: they may take long, and would hold up all the others.
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
  #clearTimer: (() => void) | undefined;
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
      this.#sendReady(0);
      return;
    }
    this.#gathered++;
    this.#gatheredBytes += command.size;
    const { maxCommands, maxBytes, maxDelayMs } = this.#options;
    const isFull = this.#gathered >= maxCommands || this.#gatheredBytes >= maxBytes;
    if (isFull) this.#sendReady(1);
    if (this.#queue.waiting === 0) this.#stopTimer();
    if (this.#timed || this.#queue.waiting === 0) return;
    this.#timed = true;
    if (maxDelayMs > 0) this.#clearTimer = afterDelay(this.#onTime, maxDelayMs);
    // A lone call need not wait; what else comes in this turn gathers while it is under way.
    else if (this.#underWay === 0) afterMicrotasks(this.#onTime);
    else atEndOfTurn(this.#onTime);
  }

  /** Lets go of a command that nobody waits for any more. */
  leave(command: Command): void {
    this.#queue.leave(command);
    if (this.#queue.waiting === 0) this.#stopTimer();
    // It may have been all that one waited for that goes alone.
    else this.#sendReady(0);
  }

  /** Where nothing waits, a timer would do nothing but keep the process alive. */
  #stopTimer(): void {
    if (this.#clearTimer === undefined) return;
    this.#clearTimer();
    this.#clearTimer = undefined;
    this.#timed = false;
  }

  readonly #onTime = () => {
    this.#timed = false;
    this.#clearTimer = undefined;
    this.#sendDue();
  };

  readonly #onEndOfTurn = () => {
    this.#endsTurn = false;
    this.#sendDue();
  };

  #sendDue(): void {
    this.#sendReady(this.#options.inFlight);
    this.#due = this.#queue.waiting > 0;
  }

  /**
   * Sends what goes alone, before the others: what is sent again came before most of them. Then it sends no more than
   * `most` requests that may carry several commands. One whose commands are all gone sends nothing, but what waited for
   * it may be sent then.
   */
  #sendReady(most: number): void {
    if (most > 0) {
      this.#gathered = 0;
      this.#gatheredBytes = 0;
    }
    const { inFlight, sendsAlone } = this.#options;
    for (let sent = 0; ; ) {
      const uncounted = sendsAlone ? this.#queue.takeAlone("alone") : undefined;
      if (uncounted !== undefined) {
        this.#send(uncounted, false);
        continue;
      }
      if (this.#underWay >= inFlight) return;
      const single = this.#queue.takeAlone("again") ?? this.#queue.takeAlone("alone");
      if (single !== undefined) {
        this.#send(single, true);
        continue;
      }
      const next = sent < most ? this.#queue.takeShared(this.#share()) : undefined;
      if (next === undefined) return;
      if (this.#send(next, true)) sent++;
    }
  }

  /**
   * How many commands a request takes: what waits is spread over all that may be under way, as a server executes those
   * of one request one after another. A few are not worth a request of their own.
   */
  #share(): number {
    const { maxCommands, inFlight } = this.#options;
    const { waiting } = this.#queue;
    const share = Math.ceil(waiting / (inFlight - this.#underWay));
    return Math.min(maxCommands, Math.max(share, worthwhile));
  }

  /**
   * @param counts whether the request is one of those that are limited in number
   * @returns whether anything was sent
   */
  #send(request: readonly Command[], counts: boolean): boolean {
    const commands = request.filter(({ gone }) => !gone);
    if (commands.length === 0) {
      this.#queue.end(request);
      return false;
    }
    if (counts) this.#underWay++;
    this.#execute(commands, request).then((again) => {
      if (counts) this.#underWay--;
      this.#queue.end(request, again);
      this.#options.onEnd?.();
      this.#sendNext();
    });
    return true;
  }

  /** What waited for a request to end. */
  #sendNext(): void {
    const { maxCommands, inFlight } = this.#options;
    this.#sendReady(this.#queue.waiting >= maxCommands ? inFlight : 0);
    if (this.#queue.waiting === 0) this.#stopTimer();
    if (this.#endsTurn || !this.#queue.hasReady || (this.#timed && !this.#due)) return;
    // Those whose replies have come may go on with another call.
    this.#endsTurn = true;
    atEndOfTurn(this.#onEndOfTurn);
  }

  /**
   * Gives the commands of a request their outcomes, but for those that were not executed and may fare better alone.
   *
   * @param commands those of them that are sent
   */
  async #execute(commands: readonly Command[], request: readonly Command[]): Promise<readonly Command[]> {
    try {
      const responses = await this.#options.carry(commands);
      return commands.filter((command, index) => !settle(command, responses[index]));
    } catch (thrown) {
      const mayGoAlone = commands.length > 1 && (wasNotExecuted(thrown) || isSpoiled(commands, thrown));
      if (mayGoAlone) return request;
      for (const command of commands) command.reject(thrown);
      return [];
    }
  }
}

/** Gives a command its response, if there is one, or if nobody is there to try again for. */
function settle(command: QueuedCommand, response: Message | undefined): boolean {
  if (response !== undefined) command.resolve(response);
  return response !== undefined || command.gone;
}

/** Whether the payload of one may have failed them all, and to ask again does no harm. */
function isSpoiled(commands: readonly QueuedCommand[], thrown: unknown): boolean {
  return isReplyFailure(thrown) && commands.every(({ kind }) => kind === "repeatable");
}
