import { isTimeout, timeoutExpected } from "./expect-option.ts";
import { PathError } from "./path-error.ts";
import type { CallOptions } from "./types.ts";

const optionNames = ["timeoutMs", "signal", "headers"];

/** @throws PathError naming the option that is not as it must be */
export function checkCallOptions(given: unknown): void {
  if (typeof given !== "object" || given === null)
    throw new PathError("expected an object", { path: "options" });
  const unknown = Object.keys(given).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new PathError(`unknown option; expected one of ${optionNames.join(", ")}`, { path: unknown });
  }
  const { timeoutMs, signal }: CallOptions = given;
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    throw new PathError(`expected ${timeoutExpected}`, { path: "timeoutMs" });
  }
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw new PathError("expected an AbortSignal", { path: "signal" });
  }
}

/** Not by class: a signal may come from a polyfill, or another realm. */
function isAbortSignal(value: unknown): value is AbortSignal {
  return typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value;
}

/** @throws the signal's reason, where it is aborted */
export function throwIfAborted(signal: unknown): void {
  if (isAbortSignal(signal) && signal.aborted) throw signal.reason;
}
