import type { RunLater } from "../../limits/run-later.ts";
import { afterDelay, afterMicrotasks, atEndOfTurn } from "../../limits/run-later.ts";
import type { QueuedBatch, RequestSize } from "./channel-queues.ts";
import { ChannelQueues } from "./channel-queues.ts";
import type { QueuedCall } from "./queued-call.ts";

export interface SchedulerOptions<Call> extends RequestSize {
  /** How many requests are under way at most. */
  readonly inFlight: number;
  /** Whether calls that go alone are sent at once, however many requests are under way. Default false. */
  readonly sendsAloneAtOnce?: boolean;
  /** How long a call waits for others to share a request with, in milliseconds; 0 for the rest of the turn. */
  readonly maxDelayMs: number;
  /** Sends calls in one request, and gives each its result or error. It rejects never. */
  readonly send: (calls: readonly Call[]) => Promise<void>;
}

/** Requests are not made smaller than this to use all places. */
const worthwhile = 100;

/**
 * Decides when calls are sent, and in how many requests. The calls that wait are in one of these states:
 * - gathering: the first of them waits for the end of the turn, or for `maxDelayMs`, so that others can join it.
 * - due: that time is over, but all places were taken, or earlier calls on their channels were under way. The calls go
 *   out when a request ends: at once where they fill one, otherwise at the end of that turn.
 *
 * `maxCommands` or `maxBytes` that have gathered are sent without waiting.
 */
export class Scheduler<Call extends QueuedCall> {
  readonly #options: SchedulerOptions<Call>;
  readonly #queues = new ChannelQueues<Call>();
  #underWay = 0;
  /** How much came since calls were last sent. */
  #gathered = 0;
  #gatheredBytes = 0;
  #isPlanned = false;
  #clearDelay: (() => void) | undefined;
  #isDue = false;

  constructor(options: SchedulerOptions<Call>) {
    this.#options = options;
  }

  add(call: Call): void {
    this.#queues.add(call);
    if (call.goesAlone) {
      this.#sendReady(0);
      return;
    }
    const { maxCommands, maxBytes } = this.#options;
    this.#gathered++;
    this.#gatheredBytes += call.size;
    if (this.#gathered >= maxCommands || this.#gatheredBytes >= maxBytes) this.#sendReady(1);
    if (this.#queues.waiting === 0) this.#stopDelay();
    else this.#planNext();
  }

  /** The key of a call has come. */
  wake(call: Call): void {
    this.#queues.wake(call);
    if (call.goesAlone) this.#sendReady(0);
    else this.#planNext();
  }

  /** Lets go of a call that nobody waits for any more. */
  leave(call: Call): void {
    this.#queues.leave(call);
    if (this.#queues.waiting === 0) this.#stopDelay();
    else {
      // Calls may have waited for this one.
      this.#sendReady(0);
      if (this.#queues.hasListed) this.#planNext();
    }
  }

  #planNext(): void {
    if (this.#isPlanned) return;
    const { maxDelayMs } = this.#options;
    // With nothing under way a lone call need not wait: others of this turn gather while it is under way.
    const soon = this.#underWay === 0 ? afterMicrotasks : atEndOfTurn;
    this.#plan(maxDelayMs > 0 ? afterDelay(maxDelayMs) : soon);
  }

  #plan(runLater: RunLater): void {
    this.#isPlanned = true;
    this.#clearDelay = runLater(this.#sendDue);
  }

  readonly #sendDue = () => {
    this.#isPlanned = false;
    this.#clearDelay = undefined;
    this.#sendReady(this.#options.inFlight);
    this.#isDue = this.#queues.waiting > 0;
  };

  /** Where nothing waits, a timer would do nothing but keep the process alive. */
  #stopDelay(): void {
    if (this.#clearDelay === undefined) return;
    this.#clearDelay();
    this.#clearDelay = undefined;
    this.#isPlanned = false;
  }

  /** Sends the calls that go alone, and then at most so many requests that several calls share. */
  #sendReady(mostShared: number): void {
    if (mostShared > 0) this.#gathered = this.#gatheredBytes = 0;
    const { inFlight, sendsAloneAtOnce = false } = this.#options;
    for (let left = mostShared; ; ) {
      const hasPlace = this.#underWay < inFlight;
      const alone = hasPlace || sendsAloneAtOnce ? this.#queues.takeAlone() : undefined;
      if (alone !== undefined) {
        this.#send(alone, !sendsAloneAtOnce);
        continue;
      }
      const shared = hasPlace && left-- > 0 ? this.#queues.takeShared(this.#size()) : undefined;
      if (shared === undefined) return;
      this.#send(shared, true);
    }
  }

  /**
   * How much a request takes: what waits is spread over all requests that may be under way, as a server executes the
   * commands of one request one after another. A few are not worth a request of their own.
   */
  #size(): RequestSize {
    const { maxCommands, maxBytes, inFlight } = this.#options;
    const share = Math.ceil(this.#queues.waiting / (inFlight - this.#underWay));
    return { maxCommands: Math.min(maxCommands, Math.max(share, worthwhile)), maxBytes };
  }

  /** @param counts whether the request takes one of the `inFlight` places */
  async #send(batch: QueuedBatch<Call>, counts: boolean): Promise<void> {
    if (counts) this.#underWay++;
    await this.#options.send(batch.calls);
    if (counts) this.#underWay--;
    this.#queues.end(batch);
    this.#sendNext();
  }

  /** Sends what waited for a request to end. */
  #sendNext(): void {
    const { maxCommands, inFlight } = this.#options;
    this.#sendReady(this.#queues.waiting >= maxCommands ? inFlight : 0);
    if (this.#isDue || this.#queues.waiting === 0) this.#stopDelay();
    // Callers that just got replies often call again in this turn, and can share the request.
    if (this.#queues.hasListed && !this.#isPlanned) this.#plan(atEndOfTurn);
  }
}
