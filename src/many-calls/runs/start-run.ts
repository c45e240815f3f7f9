import { PathError } from "../../codec/path-error.ts";
import { mapError } from "../../errors/map-error.ts";
import { isInput } from "./intake.ts";
import type { ManyContext } from "./many-context.ts";
import type { ManyJob } from "./many-job.ts";
import type { CheckedManyOptions } from "./many-options.ts";
import { checkManyOptions } from "./many-options.ts";
import { ManyRun } from "./many-run.ts";

/**
 * Checks what a run is called with, and makes it.
 *
 * @throws CentRequestError naming what is not as it must be
 */
export function startRun<Result>(
  { timeoutMs, lifetime }: ManyContext,
  name: string,
  input: unknown,
  options: unknown,
  job: (options: CheckedManyOptions) => ManyJob<Result>,
): ManyRun<Result> {
  try {
    if (!isInput(input)) throw new PathError("expected an iterable or an async iterable, and no string");
    const checked = checkManyOptions(options, timeoutMs);
    return new ManyRun(job(checked), input, checked, lifetime);
  } catch (thrown) {
    throw mapError(thrown instanceof PathError ? thrown : unreadable(thrown), name);
  }
}

/** What a getter of the caller's threw. */
function unreadable(cause: unknown): PathError {
  return new PathError(cause instanceof Error ? cause.message : "could not be read", { cause });
}
