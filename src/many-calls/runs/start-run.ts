import { asPathError, PathError } from "../../codec/path-error.ts";
import { mapError } from "../../errors/map-error.ts";
import type { CheckedManyOptions } from "../../options/many-options.ts";
import { checkManyOptions } from "../../options/many-options.ts";
import { isRunInput } from "./intake.ts";
import type { ManyRun } from "./many-run.ts";
import { createManyRun } from "./many-run.ts";
import type { RunContext, RunJob } from "./run.ts";
import { Run } from "./run.ts";

/** Checks the arguments of a run, and makes it. @throws CentRequestError naming the wrong argument */
export function startRun<Result>(
  context: RunContext,
  name: string,
  input: unknown,
  options: unknown,
  job: (options: CheckedManyOptions) => RunJob<Result>,
): ManyRun<Result> {
  try {
    if (!isRunInput(input)) throw new PathError("expected an iterable or an async iterable, and no string");
    const checked = checkManyOptions(options, context);
    return createManyRun(name, new Run(name, context, input, checked, job(checked)));
  } catch (thrown) {
    throw mapError(asPathError(thrown), name);
  }
}
