import type { ManyItem } from "../../call/items.ts";
import { CentRequestError } from "../../errors/cent-error.ts";
import { atEndOfTurn } from "../../limits/run-later.ts";
import type { ManyProgress } from "../../options/many-options.ts";
import type { Run } from "./run.ts";

/**
 * A run of `publishMany` or `broadcastMany`: a promise of its counts, and an async iterable of its items. It begins by itself
 * at the end of the turn of the event loop in which it was made, and drops its items. If its iteration begins in that turn,
 * the reader sets the pace.
 *
 * The promise rejects with what ends the run early: the reason of an abort, the error of the input or of `onProgress`, or a
 * CentRequestError after `close()`. A failed item only counts as failed. After `break` the promise resolves with the counts.
 * The iteration throws the same errors, so a run that is iterated needs no other handler.
 */
export interface ManyRun<Result> extends Promise<ManyProgress>, AsyncIterable<ManyItem<Result>> {
  /** The counts so far. They stay available after the run has ended. */
  readonly progress: ManyProgress;
  /**
   * The items in the order of the input, each as soon as its outcome is known. The run holds at most `inFlight * maxCommands`
   * values, so a slow reader slows it down. `break` stops the run after the requests in flight are answered.
   *
   * @throws CentRequestError if the run has begun by itself, or is iterated already
   */
  [Symbol.asyncIterator](): AsyncGenerator<ManyItem<Result>, void, undefined>;
}

/** Makes the promise of a run, and begins the run at the end of the turn. @param name the client's function */
export function createManyRun<Result>(name: string, run: Run<Result>): ManyRun<Result> {
  let reader: "none" | "caller" | "itself" = "none";
  atEndOfTurn(() => {
    if (reader === "caller") return;
    reader = "itself";
    dropAll(run.items).catch(() => {
      // The promise of the counts rejects with the same error.
    });
  });
  const iterate = () => {
    if (reader !== "none") throw iterationError(name, reader);
    reader = "caller";
    run.counts.catch(() => {
      // The iteration throws the same error.
    });
    return run.items;
  };
  return Object.defineProperties(run.counts, {
    progress: { get: () => run.progress },
    [Symbol.asyncIterator]: { value: iterate },
  }) as ManyRun<Result>;
}

async function dropAll(items: AsyncGenerator<unknown, void, undefined>): Promise<void> {
  for (let next = await items.next(); !next.done; ) next = await items.next();
}

function iterationError(name: string, reader: "caller" | "itself"): CentRequestError {
  const problem =
    reader === "caller"
      ? "the run is iterated already, and gives its items once; await it for the counts"
      : "the run began by itself at the end of the turn in which it was made, and drops its items; iterate it in that turn, or await it for the counts";
  return new CentRequestError(`${name}: ${problem}`, { method: name, maybeExecuted: true });
}
