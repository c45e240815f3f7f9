import { classOf } from "../codec/caller-values.ts";
import type { CallLimits, CallOptions } from "./call-options.ts";
import { callOptions } from "./call-options.ts";
import type { CheckedBatching } from "./check-batching.ts";
import { withBatchingDefaults } from "./check-batching.ts";
import { checkHeaders } from "./headers.ts";
import { callback, count, expect, expectOptions, optionChecks, shown } from "./option-checks.ts";
import type { CheckedRetry } from "./retry-options.ts";
import { checkRetry } from "./retry-options.ts";

/** Counts of a `publishMany` or `broadcastMany`. In the end, taken values in none of the other counts were not executed. */
export interface ManyProgress {
  /** Values taken from the input. */
  readonly taken: number;
  /** Values that the server has executed. */
  readonly succeeded: number;
  /** Values that failed and were not executed: a wrong value, an API error, no connection. */
  readonly failed: number;
  /** Values that failed but may have been executed: a lost connection, a timeout, an abort, API error INTERNAL. */
  readonly unknown: number;
}

/** Options of `publishMany` and `broadcastMany`. `timeoutMs` applies to each request, not to the run. */
export interface ManyOptions extends CallOptions {
  /**
   * Maximum number of publications or channels in a request. Default 500. Small inputs are split into requests of at
   * least 100, to use all `inFlight` requests.
   */
  maxCommands?: number | undefined;
  /** Approximate maximum number of bytes in a request. A larger value is sent alone. Default 524,288 (512 KiB). */
  maxBytes?: number | undefined;
  /** Maximum number of requests in flight. Default 4. A channel is in only one of them at a time, to keep its order. */
  inFlight?: number | undefined;
  /**
   * Called after each request. A refused batch whose calls are sent one by one counts as one request. May be async: calls
   * can overlap, and the run ends after all of them, so the callback must not await the run. If the callback fails, the
   * run ends and rejects with that error.
   */
  onProgress?: ((progress: ManyProgress) => void) | undefined;
}

/** Checked run options with their defaults. */
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

/** @throws PathError naming the wrong option */
export function checkManyOptions(
  options: unknown,
  client: { readonly timeoutMs: number; readonly retry: CheckedRetry | undefined },
): CheckedManyOptions {
  // An array or a Map would pass for an object without options.
  expect("options", classOf(options) === "Object", "an object");
  expectOptions(options, checks);
  const given = options as ManyOptions;
  const { signal, timeoutMs = client.timeoutMs, headers, onProgress } = given;
  const header = headers === undefined ? undefined : checkHeaders(headers);
  const retry = checkRetry(given.retry, client.retry);
  return { ...withBatchingDefaults(given), signal, timeoutMs, header, retry, isAlone: false, onProgress };
}
