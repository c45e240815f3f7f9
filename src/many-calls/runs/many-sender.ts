import type { Message } from "@bufbuild/protobuf";
import { callError } from "../../call/call-error.ts";
import type { Lifetime } from "../../call/calls-under-way.ts";
import type { Sent } from "../../call/send.ts";
import { nothingSent } from "../../call/send.ts";
import type { Carry } from "../queue/scheduler.ts";
import { Scheduler } from "../queue/scheduler.ts";
import type { Outcomes, Slot } from "./many-command.ts";
import { ManyCommand } from "./many-command.ts";
import { ManyCounts } from "./many-counts.ts";
import type { ManyJob } from "./many-job.ts";
import type { CheckedManyOptions } from "./many-options.ts";

/** Who a sender sends for. */
export interface SenderOwner {
  /** Whether what is not known now will not be, as nobody asks any more. */
  hasFailed(): boolean;
  /** It is known what became of something. */
  onOutcome(): void;
  onRequestEnd(): void;
  /** The client has ended, and sends nothing any more. */
  onClosed(error: unknown): void;
}

/** Sends the values of a run in batches, and counts what becomes of them. */
export class ManySender<Result> {
  readonly counts = new ManyCounts();
  readonly #job: ManyJob<Result>;
  readonly #options: CheckedManyOptions;
  readonly #lifetime: Lifetime;
  readonly #owner: SenderOwner;
  readonly #scheduler: Scheduler<ManyCommand<Result>>;
  readonly #canceled = new AbortController();
  readonly #outcomes: Outcomes<Result> = {
    succeed: (command, response) => this.#succeed(command, response),
    fail: (command, thrown) => this.#miss(command, thrown),
  };
  #underWay = 0;

  constructor(job: ManyJob<Result>, options: CheckedManyOptions, lifetime: Lifetime, owner: SenderOwner) {
    this.#job = job;
    this.#options = options;
    this.#lifetime = lifetime;
    this.#owner = owner;
    this.#scheduler = new Scheduler({
      ...options,
      maxDelayMs: 0,
      carry: (commands) => this.#carry(commands),
      onEnd: () => this.#onRequestEnd(),
    });
  }

  /** How many requests are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Makes what is sent for a value; its item is there already where that cannot be. */
  prepare(index: number, value: unknown): Slot<Result> {
    try {
      return new ManyCommand(index, this.#job.command(value, index), this.#outcomes).slot;
    } catch (thrown) {
      this.counts.fail();
      const error = callError(thrown, this.#job.method, nothingSent);
      return { index, size: 0, command: undefined, item: { ok: false, index, error } };
    }
  }

  send({ command }: Slot<Result>): void {
    if (command !== undefined) this.#scheduler.add(command);
    else this.#owner.onOutcome();
  }

  /** Lets go of what was to be sent, so that it is not if it was not yet. */
  drop({ command }: Slot<Result>): void {
    if (command !== undefined) this.#scheduler.leave(command);
  }

  /** Aborts the requests that are under way. */
  cancel(): void {
    this.#canceled.abort();
  }

  async #carry(commands: readonly ManyCommand<Result>[]): ReturnType<Carry<ManyCommand<Result>>> {
    this.#underWay++;
    const { method } = this.#job;
    try {
      this.#lifetime.enter(method);
    } catch (closed) {
      this.#owner.onClosed(closed);
      // None of them was executed, and nobody waits for them any more.
      return commands.map(() => undefined);
    }
    try {
      const sent: Sent = { ...nothingSent };
      for (const command of commands) command.sent = sent;
      return await this.#job.carry(commands, { ...this.#options, signal: this.#canceled.signal }, sent);
    } finally {
      this.#lifetime.leave();
    }
  }

  #succeed(command: ManyCommand<Result>, response: Message): void {
    try {
      const { index } = command.slot;
      command.settle({ ok: true, index, result: this.#job.result(command, response) });
      this.counts.succeed();
      this.#owner.onOutcome();
    } catch (thrown) {
      this.#miss(command, thrown);
    }
  }

  #miss(command: ManyCommand<Result>, thrown: unknown): void {
    const error = callError(thrown, this.#job.method, command.sent);
    command.settle({ ok: false, index: command.slot.index, error });
    if (command.wasSent) this.counts.miss(thrown, error);
    // What never was, and will not be as the run has ended, is not counted.
    else if (!this.#owner.hasFailed()) this.counts.fail();
    this.#owner.onOutcome();
  }

  #onRequestEnd(): void {
    this.#underWay--;
    this.#owner.onRequestEnd();
  }
}
