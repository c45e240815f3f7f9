import { setTimeout as delay } from "node:timers/promises";
import type { CentClient } from "tscent";
import { CentError } from "tscent";
import { LoopDelay } from "./loop-delay.ts";
import type { ClientReport, ClientTask } from "./task.ts";
import { channelOf, modes, outcome } from "./task.ts";

/** A pause after a failure, so that a stopped server does not get thousands of calls. */
const pauseMs = 10;
const longestShortMs = 200;

/** Publishes with `inFlight` calls at a time until the time is over, and waits until all are settled. */
export class PublishAll {
  readonly #client: CentClient;
  readonly #task: ClientTask;
  readonly #outcomes: number[] = [];
  readonly #errors = new Map<string, number>();
  readonly #faults: string[] = [];
  #worstLatenessMs = 0;
  #calls = 0;

  constructor(client: CentClient, task: ClientTask) {
    this.#client = client;
    this.#task = task;
  }

  async run(): Promise<Omit<ClientReport, "leftOpen">> {
    const { seconds, inFlight } = this.#task;
    const end = performance.now() + seconds * 1_000;
    using loop = new LoopDelay();
    const publishUntilEnd = async () => {
      while (performance.now() < end) {
        const call = this.#calls++;
        await this.#publish(call, loop);
        if (this.#outcomes[call] !== outcome.succeeded) await delay(pauseMs);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, publishUntilEnd));
    return {
      outcomes: Uint8Array.from(this.#outcomes),
      worstLatenessMs: this.#worstLatenessMs,
      errors: this.#errors,
      faults: this.#faults,
    };
  }

  async #publish(call: number, loop: LoopDelay): Promise<void> {
    const timeoutMs = this.#timeoutOf(call);
    const begun = performance.now();
    try {
      await this.#client.publish({ channel: channelOf(call), data: call }, { timeoutMs });
      this.#outcomes[call] = outcome.succeeded;
    } catch (error) {
      this.#outcomes[call] = this.#failed(error);
    }
    const settled = performance.now();
    const late = settled - begun - timeoutMs;
    if (late <= this.#worstLatenessMs) return;
    this.#worstLatenessMs = Math.max(this.#worstLatenessMs, late - loop.between(begun + timeoutMs, settled));
  }

  #timeoutOf(call: number): number {
    const { timeoutMs = 0 } = modes[this.#task.mode];
    const isShort = this.#task.mode === "defaults" && call % 50 === 49;
    return isShort ? 1 + Math.floor(Math.random() * longestShortMs) : timeoutMs;
  }

  #failed(error: unknown): number {
    const words = String(error).replaceAll(/\b\d+\b/g, "n");
    this.#errors.set(words, (this.#errors.get(words) ?? 0) + 1);
    if (error instanceof CentError) return error.maybeExecuted ? outcome.maybeExecuted : outcome.notExecuted;
    this.#faults.push(`a call rejected with ${words}`);
    return outcome.maybeExecuted;
  }
}
