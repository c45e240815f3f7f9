import type { Message } from "@bufbuild/protobuf";
import type { Sent } from "../../call/send.ts";
import { nothingSent } from "../../call/send.ts";
import type { CommandInit } from "../queue/queued-command.ts";
import { QueuedCommand } from "../queue/queued-command.ts";
import type { ManyItem } from "./many-item.ts";

/** A value of the input, from when it is taken until its item is given out. */
export interface Slot<Result> {
  readonly index: number;
  readonly size: number;
  /** What is sent for it. Once there is an item it is gone, for it holds on to all of its request. */
  command: ManyCommand<Result> | undefined;
  item: ManyItem<Result> | undefined;
}

/** Who is told what comes of a command. */
export interface Outcomes<Result> {
  succeed(command: ManyCommand<Result>, response: Message): void;
  fail(command: ManyCommand<Result>, thrown: unknown): void;
}

/** One of many commands. */
export class ManyCommand<Result> extends QueuedCommand {
  readonly slot: Slot<Result>;
  /** What went out with it. */
  sent: Readonly<Sent> = nothingSent;
  readonly #outcomes: Outcomes<Result>;

  constructor(index: number, command: CommandInit, outcomes: Outcomes<Result>) {
    super(command);
    this.slot = { index, size: command.size, command: this, item: undefined };
    this.#outcomes = outcomes;
  }

  /** Whether it was given to the transport. It is not as long as there is no key to send. */
  get wasSent(): boolean {
    return this.sent.header !== nothingSent.header;
  }

  resolve(response: Message): void {
    this.#outcomes.succeed(this, response);
  }

  reject(thrown: unknown): void {
    this.#outcomes.fail(this, thrown);
  }

  /** Takes what became of it. */
  settle(item: ManyItem<Result>): void {
    this.slot.item = item;
    this.slot.command = undefined;
  }
}
