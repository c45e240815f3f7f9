import type { TracingChannel } from "node:diagnostics_channel";
import type { TracedWork } from "./traced.ts";

type Around = <Result>(run: () => Result) => Result;

type Outcome<Result> = { readonly result: Result } | { readonly result?: never; readonly thrown: unknown };

/** Work that is published: the base of the contexts. */
export abstract class TracedContext implements TracedWork {
  error?: unknown;
  #around: Around = (run) => run();
  #hasStarted = false;

  /** Where `tracePromise` puts the result, whose data is not for subscribers. */
  set result(_result: unknown) {}

  wrap(around: Around): void {
    this.expectStart();
    if (typeof around !== "function") throw new TypeError(`wrap: expected a function, got ${typeof around}`);
    const inner = this.#around;
    this.#around = (run) => around(() => inner(run));
  }

  /** Runs a part of the work within the subscribers' functions: once, and with its own result, whatever they do. */
  within<Result>(part: () => Result): Result {
    let outcome: Outcome<Result> | undefined;
    const run = () => {
      outcome ??= outcomeOf(part);
      if ("thrown" in outcome) throw outcome.thrown;
      return outcome.result;
    };
    try {
      const given: unknown = this.#around(run);
      // A promise that a subscriber makes of the result rejects with it.
      if (given instanceof Promise && given !== outcome?.result) given.catch(() => {});
    } catch (error) {
      const isOwn = outcome !== undefined && "thrown" in outcome && outcome.thrown === error;
      if (!isOwn) failAsSubscriber(error);
    }
    return run();
  }

  /** Publishes the events of some work. */
  protected emit<Context extends object, Result>(
    channel: TracingChannel<unknown, Context> | undefined,
    context: Context,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const begin = () => {
      this.#hasStarted = true;
      return this.within(work);
    };
    return channel === undefined ? begin() : channel.tracePromise(begin, context);
  }

  /** @throws Error after the `start` event */
  protected expectStart(): void {
    if (this.#hasStarted) throw new Error("a traced call can be changed during its `start` event only");
  }
}

function outcomeOf<Result>(part: () => Result): Outcome<Result> {
  try {
    return { result: part() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Ends the process, as an error in an event does, and not the call. */
function failAsSubscriber(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
