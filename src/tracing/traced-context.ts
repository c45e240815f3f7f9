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
      return this.#around(() => {
        this.#kept = keepContext();
        return work();
      });
    };
    return channel === undefined ? begin() : channel.tracePromise(begin, context);
  }

  /** @throws Error after the `start` event */
  protected expectStart(): void {
    if (this.#hasStarted) throw new Error("a traced call can be changed during its `start` event only");
  }
}
