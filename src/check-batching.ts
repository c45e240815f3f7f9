import { checkNames, expect, isObject, isTimeout, timeoutExpected } from "./expect-option.ts";
import type { BatchingOptions } from "./options.ts";

/** Batching that is on, with its defaults. */
export type CheckedBatching = { readonly [Name in keyof BatchingOptions]-?: number };

const defaults: CheckedBatching = { maxCommands: 500, maxBytes: 512 * 1024, maxDelayMs: 0, inFlight: 4 };

/**
 * Checks the option `batching`; undefined where it is off.
 *
 * @throws TypeError naming the option and what was expected
 */
export function checkBatching(batching: boolean | BatchingOptions | undefined): CheckedBatching | undefined {
  if (batching === undefined || batching === false) return undefined;
  if (batching === true) return defaults;
  expect("batching", isObject(batching), "true, false or an object", batching);
  checkNames("batching.", batching, Object.keys(defaults));
  const { maxCommands, maxBytes, maxDelayMs = defaults.maxDelayMs, inFlight } = batching;
  expect("batching.maxDelayMs", isTimeout(maxDelayMs), timeoutExpected, maxDelayMs);
  return {
    maxCommands: count("maxCommands", maxCommands),
    maxBytes: count("maxBytes", maxBytes),
    maxDelayMs,
    inFlight: count("inFlight", inFlight),
  };
}

function count(name: keyof BatchingOptions, value: number = defaults[name]): number {
  expect(`batching.${name}`, Number.isSafeInteger(value) && value >= 1, "an integer above 0", value);
  return value;
}
