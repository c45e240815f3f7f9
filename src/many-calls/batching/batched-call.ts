import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { Limits, Sent } from "../../call/send.ts";
import { timeLeft } from "../../call/send.ts";
import type { Abortable } from "../../limits/abort-watch.ts";
import { AbortWatch } from "../../limits/abort-watch.ts";
import type { Deadline, Deadlines, Expiring } from "../../limits/deadlines.ts";
import { abortReason, deadlineFailure } from "../../limits/run-within.ts";
import type { CommandInit } from "../queue/queued-command.ts";
import { QueuedCommand } from "../queue/queued-command.ts";
import type { SharedRequest } from "./shared-request.ts";

const noLimits: Limits = { signal: undefined, timeoutMs: 0, header: undefined };

/** Who waits for a call. */
export type Caller = Pick<PromiseWithResolvers<Message>, "resolve" | "reject">;

/** A call that may share its request with others. Its time runs from when it was made, and its signal ends it alone. */
export class BatchedCall extends QueuedCommand implements Abortable, Expiring {
  limits: Limits;
  sent: Sent;
  /** The request that it shared last. */
  shared: SharedRequest | undefined;
  /** Undefined as soon as the call is settled. */
  #caller: Caller | undefined;
  readonly #leave: (call: BatchedCall) => void;
  #deadline: Deadline | undefined;
  #watch: AbortWatch | undefined;

  /**
   * @param leave told when the call ends before there is an outcome
   * @throws what its signal throws
   */
  constructor(
    command: CommandInit,
    limits: Limits,
    sent: Sent,
    caller: Caller,
    deadlines: Deadlines,
    leave: (call: BatchedCall) => void,
  ) {
    super(command);
    this.limits = limits;
    this.sent = sent;
    this.#caller = caller;
    this.#leave = leave;
    const { timeoutMs, signal } = limits;
    if (signal !== undefined) this.#watch = AbortWatch.add(signal, this);
    // Last, so that a call whose signal threw has no deadline.
    if (timeoutMs && this.#caller !== undefined) this.#deadline = deadlines.add(this, timeoutMs);
  }

  /** When its time is over, in milliseconds as `performance.now()` counts them. */
  get endsAt(): number {
    return this.#deadline?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Milliseconds that are left to it; 0 for no limit. */
  get timeLeft(): number {
    const { timeoutMs } = this.limits;
    return this.#deadline === undefined ? 0 : Math.min(timeoutMs, timeLeft(this.#deadline.at));
  }

  resolve(response: Message): void {
    this.#settle()?.resolve(response);
  }

  reject(thrown: unknown): void {
    this.#settle()?.reject(thrown);
  }

  /** Ends the call, and no other that shares its request. */
  end(reason: ConnectError): void {
    const { shared } = this;
    this.reject(reason);
    this.#leave(this);
    shared?.leave(reason);
  }

  expire(): void {
    if (this.#caller !== undefined) this.end(deadlineFailure(this.limits.timeoutMs));
  }

  abort(): void {
    this.end(abortReason(this.limits.signal));
  }

  override forget(): void {
    super.forget();
    this.limits = noLimits;
    this.sent = { header: {} };
    this.shared = undefined;
    this.#deadline = undefined;
  }

  #settle(): Caller | undefined {
    const caller = this.#caller;
    if (caller === undefined) return undefined;
    this.#caller = undefined;
    this.#deadline?.lift();
    try {
      this.#watch?.lift(this);
    } catch (thrown) {
      // A signal of the caller's own making may throw, which is for this caller only.
      caller.reject(thrown);
    }
    this.#watch = undefined;
    return caller;
  }
}
