import type { Lifetime } from "../../call/calls-under-way.ts";
import { atEndOfTurn } from "../../limits/end-of-turn.ts";
import { HeldSlots } from "./held-slots.ts";
import type { Input, Intake } from "./intake.ts";
import { openIntake } from "./intake.ts";
import { ItemIterator } from "./item-iterator.ts";
import type { ManyItem, ManyProgress } from "./many-item.ts";
import type { ManyJob } from "./many-job.ts";
import type { CheckedManyOptions } from "./many-options.ts";
import { ManySender } from "./many-sender.ts";

/**
 * The items of a `publishMany` or `broadcastMany`, in the order of its input. Nothing is taken or sent before it is
 * iterated or awaited, and it can be iterated once. It takes no more than it has room for, so that its input
 * may be of any length, and those who read its items slowly slow it down. Who stops reading, as with `break`, stops it:
 * it takes and sends no more, and waits for the requests that are under way.
 */
export class ManyRun<Result> implements AsyncIterable<ManyItem<Result>>, PromiseLike<ManyProgress> {
  readonly #options: CheckedManyOptions;
  readonly #sender: ManySender<Result>;
  readonly #intake: Intake;
  readonly #items: ItemIterator<ManyItem<Result>>;
  readonly #slots = new HeldSlots<Result>();
  #isRunning = false;
  /** How much was taken in this turn. No more than a request's worth is, so that replies are looked at in between. */
  #portion = 0;
  /** How many `onProgress` have not ended yet. */
  #reports = 0;
  /** What ends the run before its input does. */
  #failure: { readonly error: unknown } | undefined;
  readonly #failing = Promise.withResolvers<void>();
  #wake: () => void = () => {};

  /** Made by `publishMany` and `broadcastMany`. */
  constructor(job: ManyJob<Result>, input: Input<unknown>, options: CheckedManyOptions, lifetime: Lifetime) {
    this.#options = options;
    this.#sender = new ManySender(job, options, lifetime, {
      hasFailed: () => this.#hasFailed,
      onOutcome: () => this.#wake(),
      onRequestEnd: () => this.#onRequestEnd(),
      onClosed: (error) => this.#end(error),
    });
    this.#intake = openIntake(input, {
      hasRoom: () => this.#hasRoom(),
      take: (value) => this.#take(value),
      onOver: () => this.#wake(),
    });
    this.#items = new ItemIterator({ take: () => this.#takeItem(), arrivals: this.#run() });
  }

  /** How far the run is, also after it has ended, in whichever way. */
  get progress(): ManyProgress {
    return this.#sender.counts.progress;
  }

  /**
   * Runs to the end without looking at the items, and gives the counts: an item that failed is no error here. It rejects
   * where the iteration would, also after it: with the reason of an abort, and with what the input or `onProgress` threw.
   */
  async done(): Promise<ManyProgress> {
    for (let next = await this.#items.next(); !next.done; ) next = await this.#items.next();
    if (this.#reason !== undefined) throw this.#reason.error;
    return this.progress;
  }

  /** What `await` calls. It is the same as `done`. */
  // biome-ignore lint/suspicious/noThenProperty: who awaits a run wants it to run, and else would wait for nothing
  then<Fulfilled = ManyProgress, Rejected = never>(
    onFulfilled?: ((progress: ManyProgress) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.done().then(onFulfilled, onRejected);
  }

  /** The items, one at a time, as soon as it is known what became of them. */
  [Symbol.asyncIterator](): AsyncGenerator<ManyItem<Result>, void, undefined> {
    return this.#items;
  }

  /** Runs to the end, and stops whenever there are items to be taken. */
  async *#run(): AsyncGenerator<void, void, undefined> {
    const { signal } = this.#options;
    const intake = this.#intake;
    const onAbort = () => this.#fail(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort);
    this.#isRunning = true;
    try {
      for (;;) {
        intake.read();
        // An input may abort the run while it is read.
        if (this.#hasFailed) break;
        const first = this.#slots.first;
        if (first?.item !== undefined) yield;
        else if (first === undefined && intake.isOver) break;
        else await this.#change();
      }
    } finally {
      this.#isRunning = false;
      this.#drop();
      try {
        // What the input says to its end is for those who stopped by themselves; it may as well say nothing.
        await Promise.race([this.#failing.promise, intake.close()]);
      } finally {
        while (this.#isBusy) await this.#change();
        signal?.removeEventListener("abort", onAbort);
      }
    }
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  /** Why it ended before it was through, other than that nobody read on. */
  get #reason(): { readonly error: unknown } | undefined {
    return this.#failure ?? this.#intake.failure;
  }

  #takeItem(): ManyItem<Result> | undefined {
    if (!this.#isRunning) return undefined;
    // There is room for more with each that is taken.
    this.#intake.read();
    const item = this.#hasFailed ? undefined : this.#slots.first?.item;
    if (item !== undefined) this.#slots.shift();
    return item;
  }

  get #hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  #hasRoom(): boolean {
    const { inFlight, maxCommands, maxBytes } = this.#options;
    const isRoom = this.#slots.count < inFlight * maxCommands && this.#slots.bytes < inFlight * maxBytes;
    return isRoom && this.#portion < maxCommands && !this.#hasFailed;
  }

  #take(value: unknown): void {
    const index = this.#sender.counts.take();
    if (this.#hasFailed) return;
    if (this.#portion++ === 0) atEndOfTurn(this.#onEndOfTurn);
    const slot = this.#sender.prepare(index, value);
    // A getter of the value's may abort the run.
    if (this.#hasFailed) return;
    this.#slots.push(slot);
    this.#sender.send(slot);
  }

  readonly #onEndOfTurn = () => {
    this.#portion = 0;
    this.#wake();
  };

  #onRequestEnd(): void {
    if (!this.#hasFailed) this.#report();
    this.#wake();
  }

  async #report(): Promise<void> {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    this.#reports++;
    try {
      await onProgress(this.progress);
    } catch (error) {
      this.#fail(error);
    }
    this.#reports--;
    this.#wake();
  }

  /** Whether there is something to wait for at the end. */
  get #isBusy(): boolean {
    return this.#sender.underWay > 0 || (this.#reports > 0 && !this.#hasFailed);
  }

  /** Ends the run with an error, and the requests that are under way. */
  #fail(error: unknown): void {
    this.#end(error);
    this.#sender.cancel();
  }

  /** Ends the run with an error. Nothing is sent any more; the requests that are under way go on. */
  #end(error: unknown): void {
    this.#failure ??= { error };
    this.#drop();
    this.#failing.resolve();
    this.#wake();
  }

  /** Lets go of what was taken, so that nothing of it is sent that was not sent yet. */
  #drop(): void {
    for (let slot = this.#slots.shift(); slot !== undefined; slot = this.#slots.shift()) {
      this.#sender.drop(slot);
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
