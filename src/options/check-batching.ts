import { classOf } from "../codec/class-of.ts";
import type { BatchingOptions } from "./client-options.ts";
import { checkNames, expect, isTimeout, timeoutExpected } from "./expect.ts";

/** Batching that is on, with its defaults. */
export type CheckedBatching = { [Name in keyof BatchingOptions]-?: number };

/** How much is sent at a time, where nothing else is said. */
export const batchingDefaults: Readonly<CheckedBatching> = {
  maxCommands: 500,
  maxBytes: 512 * 1024,
  maxDelayMs: 0,
  inFlight: 4,
};

/**
 * Checks the option `batching`; undefined where it is off.
 *
 * @param timeoutMs the client's, in milliseconds; 0 for no limit
 * @throws TypeError naming the option and what was expected
 */
export function checkBatching(
  batching: boolean | BatchingOptions | undefined,
  timeoutMs: number,
): Readonly<CheckedBatching> | undefined {
  if (batching === undefined || batching === false) return undefined;
  if (batching === true) return batchingDefaults;
  // In an array, a Map or the like no option would be found.
  expect("batching", classOf(batching) === "Object", "true, false or an object with options", batching);
  checkNames("batching.", batching, Object.keys(batchingDefaults));
  const given: BatchingOptions = Object.fromEntries(
    Object.entries(batching).filter(([, value]) => value !== undefined),
  );
  const checked = { ...batchingDefaults, ...given } as CheckedBatching;
  expect("batching.maxDelayMs", isTimeout(checked.maxDelayMs), timeoutExpected, checked.maxDelayMs);
  // A call with nobody to share its request would run out of time before it is sent.
  const isInTime = timeoutMs === 0 || checked.maxDelayMs < timeoutMs || checked.maxDelayMs === 0;
  expect("batching.maxDelayMs", isInTime, "less than timeoutMs", checked.maxDelayMs);
  for (const name of ["maxCommands", "maxBytes", "inFlight"] as const) {
    expect(`batching.${name}`, isCount(checked[name]), countExpected, checked[name]);
  }
  return checked;
}

/** What {@link isCount} wants, in words. */
export const countExpected = "an integer above 0";

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
