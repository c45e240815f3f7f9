import { PathError } from "../codec/path-error.ts";
import { isTimeout, timeoutExpected } from "./expect.ts";
import type { HeadersInput } from "./headers.ts";

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds that the call may take, instead of the client's; 0 for no limit. */
  timeoutMs?: number | undefined;
  /** Aborts the call, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers, or gRPC metadata, that go with this call, besides the client's; one of the same name takes its place. */
  headers?: HeadersInput | undefined;
}

/** The names of {@link CallOptions}. */
export const optionNames: readonly string[] = ["timeoutMs", "signal", "headers"];

/** @throws PathError naming the option that is not as it must be */
export function checkCallOptions(given: unknown, names: readonly string[] = optionNames): void {
  if (typeof given !== "object" || given === null)
    throw new PathError("expected an object", { path: "options" });
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new PathError(`unknown option; expected one of ${names.join(", ")}`, { path: unknown });
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
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener, removeEventListener }: Partial<AbortSignal> = value;
  return (
    typeof aborted === "boolean" &&
    typeof addEventListener === "function" &&
    typeof removeEventListener === "function"
  );
}

/** @throws the signal's reason, where it is aborted */
export function throwIfAborted(signal: unknown): void {
  if (isAbortSignal(signal) && signal.aborted) throw signal.reason;
}
