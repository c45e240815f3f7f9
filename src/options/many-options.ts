import { classOf } from "../codec/caller-values.ts";
import type { CallLimits, CallOptions } from "./call-options.ts";
import { callOptions } from "./call-options.ts";
import type { CheckedBatching } from "./check-batching.ts";
import { withBatchingDefaults } from "./check-batching.ts";
import { checkHeaders } from "./headers.ts";
import { callback, count, expect, expectOptions, optionChecks, shown } from "./option-checks.ts";
import type { CheckedRetry } from "./retry-options.ts";
import { checkRetry } from "./retry-options.ts";

/** How far a `publishMany` or `broadcastMany` is. What was taken and is none of the other three was not executed. */
export interface ManyProgress {
  /** Values that were taken from the input. */
  readonly taken: number;
  /** Values that the server has executed. */
  readonly succeeded: number;
  /**
   * Values that failed, and were not executed: a bad request, an error of the server, no connection to begin with.
   */
  readonly failed: number;
  /** Values that were sent, and may have been executed: a lost connection, no time, an abort, the error INTERNAL. */
  readonly unknown: number;
}

/** Options of `publishMany` and `broadcastMany`. `timeoutMs` is for each request by itself. */
export interface ManyOptions extends CallOptions {
  /**
   * The most publications, or channels, in one request. Default 500. There are fewer, but 100 at least, where the others
   * that may be under way would have none.
   */
  maxCommands?: number | undefined;
  /** The most bytes in one request, about; what is larger goes by itself. Default 524,288 (512 KiB). */
  maxBytes?: number | undefined;
  /**
   * The most requests under way at the same time. Default 4. What is about one channel is in one request at a time, for
   * its order.
   */
  inFlight?: number | undefined;
  /**
   * Called after each request, and once for a batch whose calls follow one by one. It may be async, and is then called again
   * though it has not ended; the run waits for all of them, so that none may wait for the run. What it throws, or rejects
   * with, ends the run, which rejects with it.
   */
  onProgress?: ((progress: ManyProgress) => void) | undefined;
}

/** Options that were checked, with their defaults. */
export interface CheckedManyOptions extends CallLimits, CheckedBatching {
  readonly onProgress: ManyOptions["onProgress"];
}

const shownCount = shown(count, (value) =>
  typeof value === "number" || value === null ? `${value}` : typeof value,
);

const checks = optionChecks<ManyOptions>({
  ...callOptions,
  maxCommands: shownCount,
  maxBytes: shownCount,
  inFlight: shownCount,
  onProgress: callback,
});

/** @throws PathError naming the option that is not as it must be */
export function checkManyOptions(
  options: unknown,
  client: { readonly timeoutMs: number; readonly retry: CheckedRetry | undefined },
): CheckedManyOptions {
  // An array or a Map has options of no name that is known, and none that is not.
  expect("options", classOf(options) === "Object", "an object");
  expectOptions(options, checks);
  const given = options as ManyOptions;
  const { signal, timeoutMs = client.timeoutMs, headers, onProgress } = given;
  const header = headers === undefined ? undefined : checkHeaders(headers);
  const retry = checkRetry(given.retry, client.retry);
  return { ...withBatchingDefaults(given), signal, timeoutMs, header, retry, isAlone: false, onProgress };
}
