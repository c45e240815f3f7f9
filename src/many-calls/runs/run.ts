import type { CallContext } from "../../call/call.ts";
import type { ManyItem } from "../../call/items.ts";
import type { Send } from "../../call/send.ts";
import { callError, SendFailure } from "../../call/send-failure.ts";
import type { Walker } from "../../call/walker.ts";
import type { CentError } from "../../errors/cent-error.ts";
import { CentRequestError } from "../../errors/cent-error.ts";
import { Fifo } from "../../limits/fifo.ts";
import { atEndOfTurn } from "../../limits/run-later.ts";
import type { CallLimits } from "../../options/call-options.ts";
import type { CheckedManyOptions, ManyProgress } from "../../options/many-options.ts";
import { areCallsTraced } from "../../tracing/channels.ts";
import type { QueuedRequest } from "../queue/queued-call.ts";
import { Scheduler } from "../queue/scheduler.ts";
import type { RunInput } from "./intake.ts";
import { Intake } from "./intake.ts";
import type { Settle } from "./run-entry.ts";
import { RunEntry } from "./run-entry.ts";
import { RunTrace } from "./trace-run.ts";

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
 * The work of a run: takes the input, sends it, and gives the items. It goes on as far as its `items` are read. It holds at
 * most `inFlight * maxCommands` values, so the input may be endless, and a slow reader slows it down.
 */
export class Run<Result> {
  /** The items in the order of the input, each as soon as its outcome is known. */
  readonly items: AsyncGenerator<ManyItem<Result>, void, undefined>;
  /** The counts in the end. Rejects with the error that ends the run early. */
  readonly counts: Promise<ManyProgress>;
  readonly #ending = Promise.withResolvers<ManyProgress>();
  readonly #name: string;
  readonly #context: RunContext;
  readonly #options: CheckedManyOptions;
  readonly #job: RunJob<Result>;
  readonly #intake: Intake;
  readonly #scheduler: Scheduler<RunEntry<Result>>;
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
  /** Undefined if nobody listened when the run was made. */
  readonly #trace: RunTrace | undefined;
  #wake: (() => void) | undefined;

  /** @param name the client's function */
  constructor(
    name: string,
    context: RunContext,
    input: RunInput<unknown>,
    options: CheckedManyOptions,
    job: RunJob<Result>,
  ) {
    this.#name = name;
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
    this.#trace = areCallsTraced() ? new RunTrace(name, context) : undefined;
    this.counts = this.#ending.promise;
    this.items = this.#run();
    this.items.next();
  }

  /** The counts so far. They stay available after the run has ended. */
  get progress(): ManyProgress {
    return { ...this.#counts };
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
      // The constructor's `next()` comes as far as here. In a generator that has not begun, `return()` skips `finally`.
      yield undefined as never;
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
        this.#settleCounts();
      }
    }
    const failure = this.#failure ?? this.#intake.failure;
    if (failure !== undefined) throw failure.error;
  }

  async #settleCounts(): Promise<void> {
    const failure = this.#failure ?? this.#intake.failure;
    this.#trace?.end(this.progress, failure);
    if (failure === undefined) {
      this.#ending.resolve(this.progress);
      return;
    }
    // A run that is returned from an `await using` block gets its handlers after the close.
    const { underWay } = this.#context;
    if (underWay.hasEnded) await underWay.closed.promise;
    this.#ending.reject(failure.error);
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
    if (underWay.hasEnded) {
      this.#end(this.#closedError());
      return;
    }
    underWay.enter(this.#job.method);
    this.#requests++;
    const limits = { ...this.#options, signal: this.#canceled.signal, trace: this.#trace?.trace };
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

  #closedError(): CentRequestError {
    const { succeeded, unknown } = this.#counts;
    const message = `${this.#name}: the client is closed, so the run sends no more; await the run before close()`;
    const maybeExecuted = this.#requests > 0 || succeeded + unknown > 0;
    return new CentRequestError(message, { method: this.#name, maybeExecuted });
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
