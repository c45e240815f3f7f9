import type { RunLater } from "../../limits/run-later.ts";
import { afterDelay, afterMicrotasks, atEndOfTurn } from "../../limits/run-later.ts";
import type { QueuedBatch, RequestSize } from "./channel-queues.ts";
import { ChannelQueues } from "./channel-queues.ts";
import type { QueuedCall } from "./queued-call.ts";

export interface SchedulerOptions<Call> extends RequestSize {
  /** The most requests in flight. */
  readonly inFlight: number;
  /** Whether calls that go alone ignore `inFlight`. Default false. */
  readonly sendsAloneAtOnce?: boolean;
  /** Milliseconds that a call waits for others to share its request; 0 for the rest of the turn. */
  readonly maxDelayMs: number;
  /** Sends calls in one request, and settles each of them. Never rejects. */
  readonly send: (calls: readonly Call[]) => Promise<void>;
}

/** The least commands that a request gets when calls are spread over several requests. */
const worthwhile = 100;

/**
 * Decides when calls are sent, and in how many requests. The waiting calls are in one of these states:
 * - gathering: the calls wait for the end of the turn, or for `maxDelayMs`, so that others can join.
 * - due: that time is over, but all places are taken, or earlier calls on their channels are in flight. The calls go out
 *   when a request ends: at once if they fill a request, otherwise at the end of that turn.
 *
 * Calls that reach `maxCommands` or `maxBytes` are sent without waiting.
 */
export class Scheduler<Call extends QueuedCall> {
  readonly #options: SchedulerOptions<Call>;
  readonly #queues = new ChannelQueues<Call>();
  #underWay = 0;
  /** Calls added since the last send. */
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

  /** Plans a call whose key has arrived. */
  wake(call: Call): void {
    this.#queues.wake(call);
    if (call.goesAlone) this.#sendReady(0);
    else this.#planNext();
  }

  /** Drops a call whose caller has stopped waiting. */
  leave(call: Call): void {
    this.#queues.leave(call);
    if (this.#queues.waiting === 0) this.#stopDelay();
    else {
      // This call may have blocked others.
      this.#sendReady(0);
      if (this.#queues.hasListed) this.#planNext();
    }
  }

  #planNext(): void {
    if (this.#isPlanned) return;
    const { maxDelayMs } = this.#options;
    // With nothing in flight, a lone call goes out after the microtasks. Others of this turn gather meanwhile.
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

  /** Clears the timer, which would keep the process alive although no call waits. */
  #stopDelay(): void {
    if (this.#clearDelay === undefined) return;
    this.#clearDelay();
    this.#clearDelay = undefined;
    this.#isPlanned = false;
  }

  /** Sends the calls that go alone, and then at most `mostShared` shared requests. */
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
   * Spreads the waiting calls over all free places, because a server executes the commands of one request one after another.
   * Requests are not made smaller than `worthwhile` commands for that.
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

  /** Sends the calls that waited for a request to end. */
  #sendNext(): void {
    const { maxCommands, inFlight } = this.#options;
    this.#sendReady(this.#queues.waiting >= maxCommands ? inFlight : 0);
    if (this.#isDue || this.#queues.waiting === 0) this.#stopDelay();
    // Callers that just got replies often call again in this turn, and can share the request.
    if (this.#queues.hasListed && !this.#isPlanned) this.#plan(atEndOfTurn);
  }
}
