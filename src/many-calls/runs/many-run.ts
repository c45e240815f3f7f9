import type { CallContext } from "../../call/call.ts";
import type { ManyItem } from "../../call/items.ts";
import type { Send } from "../../call/send.ts";
import { callError, SendFailure } from "../../call/send-failure.ts";
import type { Walker } from "../../call/walker.ts";
import type { CentError } from "../../errors/cent-error.ts";
import { Fifo } from "../../limits/fifo.ts";
import { atEndOfTurn } from "../../limits/run-later.ts";
import type { CallLimits } from "../../options/call-options.ts";
import type { CheckedManyOptions, ManyProgress } from "../../options/many-options.ts";
import type { QueuedRequest } from "../queue/queued-call.ts";
import { Scheduler } from "../queue/scheduler.ts";
import type { RunInput } from "./intake.ts";
import { Intake } from "./intake.ts";
import type { Settle } from "./run-entry.ts";
import { RunEntry } from "./run-entry.ts";

/** The parts that the runs of a client share. */
export interface RunContext extends CallContext {
  readonly send: Send;
  readonly walker: Walker;
}

/** The work of a run for each value of its input. */
export interface RunJob<Result> {
  /** The client's name of the method that is called. */
  readonly method: string;
  /** @param index the value's place in the input. @throws PathError for a value that cannot be sent */
  request(value: unknown, index: number): QueuedRequest;
  /** Sends entries in one request, and gives each its result or error. It rejects never. */
  send(entries: readonly RunEntry<Result>[], limits: CallLimits): Promise<void>;
}

/**
 * The items of a `publishMany` or `broadcastMany`, in the order of its input. A run takes and sends nothing before it is
 * iterated or awaited, and can be iterated once. It takes no more than it has room for, so its input may be of any length,
 * and a slow reader slows it down. A reader that stops, as with `break`, stops the run: it takes and sends no more, and
 * waits for the requests that are under way.
 */
export class ManyRun<Result> implements AsyncIterable<ManyItem<Result>>, PromiseLike<ManyProgress> {
  readonly #context: RunContext;
  readonly #options: CheckedManyOptions;
  readonly #job: RunJob<Result>;
  readonly #intake: Intake;
  readonly #scheduler: Scheduler<RunEntry<Result>>;
  readonly #items: AsyncGenerator<ManyItem<Result>, void, undefined>;
  /** A window on the input: what was taken and not given out yet. */
  readonly #held = new Fifo<{ readonly size: number; readonly item: ManyItem<Result> | undefined }>();
  #heldBytes = 0;
  /** How much was taken in this turn: a request's worth at most, so that replies and timers have their turn, too. */
  #portion = 0;
  #isStopped = false;
  #counts = { taken: 0, succeeded: 0, failed: 0, unknown: 0 };
  #requests = 0;
  /** How many `onProgress` have not ended yet. */
  #reports = 0;
  /** The error that ends the run before its input does. */
  #failure: { readonly error: unknown } | undefined;
  readonly #failing = Promise.withResolvers<void>();
  readonly #canceled = new AbortController();
  #wake: (() => void) | undefined;

  /** Made by `publishMany` and `broadcastMany`. */
  constructor(
    context: RunContext,
    input: RunInput<unknown>,
    options: CheckedManyOptions,
    job: RunJob<Result>,
  ) {
    this.#context = context;
    this.#options = options;
    this.#job = job;
    this.#intake = new Intake(input, {
      hasRoom: () => this.#hasRoom(),
      take: (value) => this.#take(value),
      onOver: () => this.#notify(),
    });
    this.#scheduler = new Scheduler({
      ...options,
      maxDelayMs: 0,
      send: (entries) => this.#send(entries),
    });
    this.#items = this.#run();
  }

  /** How far the run is, also after it has ended, in whichever way. */
  get progress(): ManyProgress {
    return { ...this.#counts };
  }

  /**
   * Runs to the end without looking at the items, and gives the counts: an item that failed is no error here. It rejects
   * where the iteration would, also after it: with the reason of an abort, and with what the input or `onProgress` threw.
   */
  async done(): Promise<ManyProgress> {
    for (let next = await this.#items.next(); !next.done; ) next = await this.#items.next();
    this.#throwFailure();
    return this.progress;
  }

  /** `await` calls this. It is the same as `done`. */
  // biome-ignore lint/suspicious/noThenProperty: a caller who awaits a run wants it to run
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

  /**
   * The run is in one of these states:
   * - taking and giving: it reads the input while there is room, and gives items from the front of the window. With no
   *   item at the front it waits for a change.
   * - over: the input is at its end and the window is empty. It returns.
   * - stopped: nobody reads on, or there is a failure. It takes, sends and gives no more, and waits for its requests.
   */
  async *#run(): AsyncGenerator<ManyItem<Result>, void, undefined> {
    const { signal } = this.#options;
    const onAbort = () => this.#fail(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        this.#intake.read();
        // An input may abort the run while it is read.
        if (this.#failure !== undefined) break;
        const { first } = this.#held;
        if (first?.item !== undefined) {
          this.#held.shift();
          this.#heldBytes -= first.size;
          yield first.item;
        } else if (first === undefined && this.#intake.isOver) break;
        else await this.#change();
      }
    } finally {
      this.#drop();
      try {
        // A failure is the error of the run, whatever the input says to its end; the input may as well say nothing.
        await Promise.race([this.#failing.promise, this.#intake.close()]);
      } finally {
        while (this.#isBusy) await this.#change();
        signal?.removeEventListener("abort", onAbort);
      }
    }
    this.#throwFailure();
  }

  #throwFailure(): void {
    const failure = this.#failure ?? this.#intake.failure;
    if (failure !== undefined) throw failure.error;
  }

  #hasRoom(): boolean {
    const { inFlight, maxCommands, maxBytes } = this.#options;
    const isRoom = this.#held.length < inFlight * maxCommands && this.#heldBytes < inFlight * maxBytes;
    return isRoom && this.#portion < maxCommands && this.#failure === undefined;
  }

  #take(value: unknown): void {
    const index = this.#counts.taken++;
    if (this.#failure !== undefined) return;
    if (this.#portion++ === 0) atEndOfTurn(this.#onEndOfTurn);
    try {
      const entry = new RunEntry(index, this.#job.request(value, index), this.#settle);
      // A getter of the value's may abort the run.
      if (this.#failure !== undefined) return;
      this.#held.push(entry);
      this.#heldBytes += entry.size;
      this.#scheduler.add(entry);
    } catch (thrown) {
      this.#counts.failed++;
      this.#held.push({ size: 0, item: { ok: false, index, error: this.#errorOf(thrown) } });
      this.#notify();
    }
  }

  readonly #onEndOfTurn = () => {
    this.#portion = 0;
    this.#notify();
  };

  async #send(entries: readonly RunEntry<Result>[]): Promise<void> {
    // An entry that is let go may make room for another that is let go next.
    if (this.#isStopped) return;
    const { underWay } = this.#context;
    try {
      underWay.enter(this.#job.method);
    } catch (closed) {
      this.#end(closed);
      return;
    }
    this.#requests++;
    const limits = { ...this.#options, signal: this.#canceled.signal };
    await this.#job.send(entries, limits).finally(() => underWay.leave());
    this.#requests--;
    if (this.#failure === undefined) this.#report();
    this.#notify();
  }

  readonly #settle: Settle<Result> = (index, end) => {
    this.#notify();
    if ("result" in end) {
      this.#counts.succeeded++;
      return { ok: true, index, result: end.result };
    }
    const { thrown } = end;
    const error = this.#errorOf(thrown);
    const wasSent = !(thrown instanceof SendFailure) || thrown.record.attempts > 0;
    if (error.maybeExecuted) this.#counts.unknown++;
    // An entry that was not sent, and will not be as the run has ended, is not counted.
    else if (wasSent || this.#failure === undefined) this.#counts.failed++;
    return { ok: false, index, error };
  };

  #errorOf(thrown: unknown): CentError {
    const error = callError(thrown, this.#job.method);
    if (!(thrown instanceof SendFailure)) this.#context.secrets.hideIn(error);
    return error;
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
    this.#notify();
  }

  /** Whether there is something to wait for at the end. */
  get #isBusy(): boolean {
    return this.#requests > 0 || (this.#reports > 0 && this.#failure === undefined);
  }

  /** Ends the run with an error, and the requests that are under way. */
  #fail(error: unknown): void {
    this.#end(error);
    this.#canceled.abort();
  }

  /** Ends the run with an error. Nothing is sent any more; the requests that are under way go on. */
  #end(error: unknown): void {
    this.#failure ??= { error };
    this.#drop();
    this.#failing.resolve();
    this.#notify();
  }

  /** Lets go of what was taken, so that nothing of it is sent that was not sent yet. */
  #drop(): void {
    this.#isStopped = true;
    for (let held = this.#held.shift(); held !== undefined; held = this.#held.shift()) {
      if (held instanceof RunEntry) this.#scheduler.leave(held);
    }
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
