import type { TracingChannel } from "node:diagnostics_channel";
import type { Around } from "../limits/async-context.ts";
import { keepContext } from "../limits/async-context.ts";
import type { TracedWork } from "./traced.ts";

/** Work that is published: the base of the contexts. */
export abstract class TracedContext implements TracedWork {
  error?: unknown;
  #around: Around = (run) => run();
  /** Undefined before the work begins. */
  #kept: Around | undefined;
  #hasStarted = false;

  /** Where `tracePromise` puts the result, whose data is not for subscribers. */
  set result(_result: unknown) {}

  wrap(around: Around): void {
    this.expectStart();
    if (typeof around !== "function") throw new TypeError(`wrap: expected a function, got ${typeof around}`);
    const inner = this.#around;
    this.#around = (run) => around(() => inner(run));
  }

  /** Runs a later part of the work in the async context in which the work began. */
  within<Result>(part: () => Result): Result {
    return this.#kept === undefined ? part() : this.#kept(part);
  }

  /** Publishes the events of some work. */
  protected emit<Context extends object, Result>(
    channel: TracingChannel<unknown, Context> | undefined,
    context: Context,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const begin = () => {
      this.#hasStarted = true;
      return this.#runOnce(() => {
        this.#kept = keepContext();
        return work();
      });
    };
    return channel === undefined ? begin() : channel.tracePromise(begin, context);
  }

  /** Runs the work within the subscribers' functions: once, and with its own result, whatever they do. */
  #runOnce<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Promise<Result> | undefined;
    const run = () => {
      result ??= work();
      return result;
    };
    try {
      const given: unknown = this.#around(run);
      // A promise that a subscriber makes of the result rejects with it.
      if (given instanceof Promise && given !== result) given.catch(() => {});
    } catch (error) {
      // Such an error ends the process, as an error in an event does, and not the call.
      queueMicrotask(() => {
        throw error;
      });
    }
    return run();
  }

  /** @throws Error after the `start` event */
  protected expectStart(): void {
    if (this.#hasStarted) throw new Error("a traced call can be changed during its `start` event only");
  }
}
