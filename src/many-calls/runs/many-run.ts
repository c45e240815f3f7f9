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

/** How a run handles the values of its input. */
export interface RunJob<Result> {
  /** The client's name of the method that is called. */
  readonly method: string;
  /** @param index the value's place in the input. @throws PathError for a value that cannot be sent */
  request(value: unknown, index: number): QueuedRequest;
  /** Sends entries in one request, and settles each of them. Never rejects. */
  send(entries: readonly RunEntry<Result>[], limits: CallLimits): Promise<void>;
}

/**
 * The items of a `publishMany` or `broadcastMany`, in the order of its input. A run starts when it is iterated or awaited.
 * It can be iterated once. It holds at most `inFlight * maxCommands` values, so the input may be endless, and a slow reader
 * slows it down. `break` stops the run after the requests in flight are answered.
 */
export class ManyRun<Result> implements AsyncIterable<ManyItem<Result>>, PromiseLike<ManyProgress> {
  readonly #context: RunContext;
  readonly #options: CheckedManyOptions;
  readonly #job: RunJob<Result>;
  readonly #intake: Intake;
  readonly #scheduler: Scheduler<RunEntry<Result>>;
  readonly #items: AsyncGenerator<ManyItem<Result>, void, undefined>;
  /** A window on the input: the values taken whose items were not given out yet. */
  readonly #held = new Fifo<{ readonly size: number; readonly item: ManyItem<Result> | undefined }>();
  #heldBytes = 0;
  /** Values taken in this turn: at most `maxCommands`, so that replies and timers get their turn. */
  #portion = 0;
  #isStopped = false;
  #counts = { taken: 0, succeeded: 0, failed: 0, unknown: 0 };
  #requests = 0;
  /** Calls of `onProgress` that have not settled. */
  #reports = 0;
  /** The error that ends the run early. */
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

  /** The counts so far. They stay available after the run has ended. */
  get progress(): ManyProgress {
    return { ...this.#counts };
  }

  /**
   * Runs to the end, and resolves with the counts. A failed item only counts as failed. Rejects as the iteration does, and
   * again after it: with the reason of an abort, or with the error of the input or of `onProgress`.
   */
  async done(): Promise<ManyProgress> {
    for (let next = await this.#items.next(); !next.done; ) next = await this.#items.next();
    this.#throwFailure();
    return this.progress;
  }

  /** The same as `done`. `await` calls it. */
  // biome-ignore lint/suspicious/noThenProperty: a caller who awaits a run wants it to run
  then<Fulfilled = ManyProgress, Rejected = never>(
    onFulfilled?: ((progress: ManyProgress) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.done().then(onFulfilled, onRejected);
  }

  /** The items in the order of the input, each as soon as its outcome is known. */
  [Symbol.asyncIterator](): AsyncGenerator<ManyItem<Result>, void, undefined> {
    return this.#items;
  }

  /**
   * The run is in one of these states:
   * - taking and giving: it reads the input while there is room, and gives items from the front of the window. It waits while
   *   the front value has no item.
   * - over: the input has ended and the window is empty. It returns.
   * - stopped: the reader has left, or there is a failure. It takes, sends and gives no more, and waits for its requests.
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
        // A failed run does not wait for the input's `return()`, which may never answer.
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
      // A getter of the value may abort the run.
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
    // Dropping an entry may make the scheduler send one that `#drop` comes to next.
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
    // An unsent entry is not counted if the run has failed.
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

  /** Whether the end of the run must wait for requests or `onProgress`. */
  get #isBusy(): boolean {
    return this.#requests > 0 || (this.#reports > 0 && this.#failure === undefined);
  }

  /** Ends the run with an error, and aborts the requests in flight. */
  #fail(error: unknown): void {
    this.#end(error);
    this.#canceled.abort();
  }

  /** Ends the run with an error. Sends nothing more, and lets the requests in flight go on. */
  #end(error: unknown): void {
    this.#failure ??= { error };
    this.#drop();
    this.#failing.resolve();
    this.#notify();
  }

  /** Drops all taken values, so that none is sent any more. */
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
