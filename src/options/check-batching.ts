import type { BatchingOptions, ClientOptions } from "./client-options.ts";
import { count, expect, expectOptions, milliseconds, optionChecks, shown } from "./option-checks.ts";

/** Batching options with their defaults. */
export type CheckedBatching = { readonly [Name in keyof BatchingOptions]-?: number };

const checks = optionChecks<BatchingOptions>({
  maxCommands: shown(count),
  maxBytes: shown(count),
  maxDelayMs: shown(milliseconds),
  inFlight: shown(count),
});

/**
 * Checks the options in `batching`, and fills in the defaults; undefined if batching is off.
 *
 * @param timeoutMs the client's; 0 for no limit
 * @throws PathError naming the option and what was expected
 */
export function checkBatching(
  given: ClientOptions["batching"],
  timeoutMs: number,
): CheckedBatching | undefined {
  if (!given) return undefined;
  const options = given === true ? {} : given;
  expectOptions(options, checks, "batching.");
  const checked = withBatchingDefaults(options);
  const { maxDelayMs } = checked;
  // With a longer delay, a call that is alone in its request would time out before it is sent.
  const isInTime = timeoutMs === 0 || maxDelayMs < timeoutMs || maxDelayMs === 0;
  expect("batching.maxDelayMs", isInTime, `less than timeoutMs, got ${maxDelayMs}`);
  return checked;
}

/** Fills in the defaults of batching options. */
export function withBatchingDefaults(given: BatchingOptions): CheckedBatching {
  const { maxCommands = 500, maxBytes = 512 * 1024, maxDelayMs = 0, inFlight = 4 } = given;
  return { maxCommands, maxBytes, maxDelayMs, inFlight };
}
