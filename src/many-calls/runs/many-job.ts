import type { Message } from "@bufbuild/protobuf";
import type { Limits, Sent } from "../../call/send.ts";
import type { CommandInit } from "../queue/queued-command.ts";
import type { Carry } from "../queue/scheduler.ts";
import type { ManyCommand } from "./many-command.ts";

/** What a run does with each value of its input. */
export interface ManyJob<Result> {
  /** The client's name of the method that is called. */
  readonly method: string;
  /**
   * @param index the value's place in the input
   * @throws PathError for a value that cannot be sent
   */
  command(value: unknown, index: number): CommandInit;
  /** Sends commands in one request. */
  carry(
    commands: readonly ManyCommand<Result>[],
    limits: Limits,
    sent: Sent,
  ): ReturnType<Carry<ManyCommand<Result>>>;
  /** @throws CentError where the response has no result */
  result(command: ManyCommand<Result>, response: Message): Result;
}
