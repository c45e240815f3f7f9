import { PathError } from "../codec/path-error.ts";
import { expectOptions, milliseconds, optionChecks, shown } from "./option-checks.ts";

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that the calls under way have left, with their retries; those that are not over then reject. Default 10,000. */
  timeoutMs?: number | undefined;
}

const checks = optionChecks<CloseOptions>({ timeoutMs: shown(milliseconds) });

/** The time that the calls have left. @throws TypeError naming the option that is not as it must be */
export function checkCloseOptions(options: CloseOptions = {}): number {
  try {
    expectOptions(options, checks);
    return options.timeoutMs ?? 10_000;
  } catch (error) {
    throw error instanceof PathError ? new TypeError(`close: ${error.message}`) : error;
  }
}
