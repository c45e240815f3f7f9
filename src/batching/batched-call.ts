import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { abortReason } from "../call-limits.ts";
import type { Limits, Sent } from "../send.ts";
import { timeLeft } from "../send.ts";
import { deadlineFailure } from "../transport-failure.ts";
import type { DeadlineGroup, Deadlines } from "./deadlines.ts";
import type { CommandInit } from "./queued-command.ts";
import { QueuedCommand } from "./queued-command.ts";
import type { SharedRequest } from "./shared-request.ts";

/** A call that may share its request with others. Its time runs from when it was made, and its signal ends it alone. */
export class BatchedCall extends QueuedCommand {
  readonly limits: Limits;
  readonly sent: Sent;
  /** What its caller waits for. */
  readonly response: Promise<Message>;
  /** The request that it shared last. */
  shared: SharedRequest | undefined;
  readonly #resolve: (response: Message) => void;
  readonly #reject: (thrown: unknown) => void;
  readonly #leave: (call: BatchedCall) => void;
  readonly #deadline: DeadlineGroup | undefined;
  readonly #onAbort: (() => void) | undefined;
  #settled = false;

  /** @param leave told when the call ends before there is an outcome */
  constructor(
    command: CommandInit,
    limits: Limits,
    sent: Sent,
    deadlines: Deadlines,
    leave: (call: BatchedCall) => void,
  ) {
    super(command);
    this.limits = limits;
    this.sent = sent;
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#leave = leave;
    const { timeoutMs, signal } = limits;
    if (timeoutMs) this.#deadline = deadlines.add(this, timeoutMs);
    if (signal !== undefined) {
      this.#onAbort = () => this.end(abortReason(signal));
      signal.addEventListener("abort", this.#onAbort);
    }
  }

  /** Milliseconds that are left to it; 0 for no limit. */
  get timeLeft(): number {
    const { timeoutMs } = this.limits;
    // The deadline was rounded up.
    return this.#deadline === undefined ? 0 : Math.min(timeoutMs, timeLeft(this.#deadline.at));
  }

  resolve(response: Message): void {
    this.#release();
    this.#resolve(response);
  }

  reject(thrown: unknown): void {
    this.#release();
    this.#reject(thrown);
  }

  /** Ends the call, and no other that shares its request. */
  end(reason: ConnectError): void {
    this.reject(reason);
    this.#leave(this);
    this.shared?.leave(reason);
  }

  expire(): void {
    if (!this.#settled) this.end(deadlineFailure(this.limits.timeoutMs));
  }

  #release(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#deadline?.leave();
    if (this.#onAbort !== undefined) this.limits.signal?.removeEventListener("abort", this.#onAbort);
  }
}
