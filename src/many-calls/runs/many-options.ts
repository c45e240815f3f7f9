import type { CallLimits } from "../../call/send.ts";
import { classOf } from "../../codec/class-of.ts";
import { PathError } from "../../codec/path-error.ts";
import type { CallOptions } from "../../options/call-options.ts";
import { checkCallOptions, optionNames } from "../../options/call-options.ts";
import { batchingDefaults, countExpected, isCount } from "../../options/check-batching.ts";
import { checkHeaders } from "../../options/headers.ts";
import type { ManyProgress } from "./many-item.ts";

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
   * Called after each request. It may be async, and is then called again though it has not ended; the run waits for all
   * of them, so that none may wait for the run. What it throws, or rejects with, ends the run, which rejects with it.
   */
  onProgress?: ((progress: ManyProgress) => void) | undefined;
}

/** Options that were checked, with their defaults. */
export interface CheckedManyOptions extends CallLimits {
  readonly maxCommands: number;
  readonly maxBytes: number;
  readonly inFlight: number;
  readonly onProgress: ManyOptions["onProgress"];
}

const counts = ["maxCommands", "maxBytes", "inFlight"] as const;

/** @throws PathError naming the option that is not as it must be */
export function checkManyOptions(options: unknown, defaultTimeoutMs: number): CheckedManyOptions {
  // An array or a Map has options of no name that is known, and none that is not.
  if (classOf(options) !== "Object") throw new PathError("expected an object", { path: "options" });
  checkCallOptions(options, [...optionNames, ...counts, "onProgress"]);
  const given = options as ManyOptions;
  const { signal, timeoutMs = defaultTimeoutMs, headers, onProgress } = given;
  const checked = { ...batchingDefaults };
  for (const name of counts) {
    const { [name]: value = checked[name] } = given;
    if (!isCount(value))
      throw new PathError(`expected ${countExpected}, got ${shown(value)}`, { path: name });
    checked[name] = value;
  }
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw new PathError("expected a function", { path: "onProgress" });
  const header = headers === undefined ? undefined : checkHeaders(headers);
  return { ...checked, signal, timeoutMs, header, onProgress };
}

/** Not all that is no number has a text: a symbol has none. */
function shown(value: unknown): string {
  return typeof value === "number" || value === null ? String(value) : typeof value;
}
