import { runNamed } from "../codec/path-error.ts";
import { expectOptions, milliseconds, optionChecks, shown } from "./option-checks.ts";

/** Options of `close`. */
export interface CloseOptions {
  /** Milliseconds that running calls and their retries may still take. Then they reject. Default 10,000. */
  timeoutMs?: number | undefined;
}

const checks = optionChecks<CloseOptions>({ timeoutMs: shown(milliseconds) });

/** Gives `timeoutMs` or its default. @throws TypeError naming the wrong option */
export function checkCloseOptions(options: CloseOptions = {}): number {
  runNamed("close", () => expectOptions(options, checks));
  return options.timeoutMs ?? 10_000;
}
