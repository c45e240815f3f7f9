import type { CallTrace } from "../tracing/call-trace.ts";
import type { HeadersInput } from "./headers.ts";
import type { OptionChecks, OptionGroup } from "./option-checks.ts";
import { anything, hasFunctions, milliseconds, optionChecks } from "./option-checks.ts";
import type { CheckedRetry, RetryOptions } from "./retry-options.ts";

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds that the call may take, retries included; 0 for no limit. Default: the client's `timeoutMs`. */
  timeoutMs?: number | undefined;
  /** Aborts the call, which rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers, or gRPC metadata, of this call. They are added to the client's, and replace those of the same name. */
  headers?: HeadersInput | undefined;
  /** Retry options of this call; the others are the client's. False sends the request once. */
  retry?: RetryOptions | false | undefined;
}

/** The checked options of a call, with the client's defaults. */
export interface CallLimits {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds; 0 for no limit. */
  readonly timeoutMs: number;
  readonly header: Readonly<Record<string, string>> | undefined;
  /** Undefined to send the request once. */
  readonly retry: CheckedRetry | undefined;
  /** Whether the call must have a request of its own, for its headers or retry options. */
  readonly isAlone: boolean;
  /** The context in which the call is published, if somebody listens. */
  readonly trace?: CallTrace | undefined;
}

/** The checks of {@link CallOptions}. `checkHeaders` and `checkRetry` check the other two. */
export const callOptions: OptionGroup<CallOptions> = {
  timeoutMs: milliseconds,
  signal: (value) => isAbortSignal(value) || "an AbortSignal",
  headers: anything,
  retry: anything,
};

export const callOptionChecks: OptionChecks = optionChecks(callOptions);

/** `instanceof` is not enough: a signal may come from a polyfill, or another realm. */
function isAbortSignal(value: unknown): value is AbortSignal {
  if (value instanceof AbortSignal) return true;
  const listens = hasFunctions(value, "addEventListener", "removeEventListener");
  return listens && typeof (value as Partial<AbortSignal>).aborted === "boolean";
}

/** @throws the signal's reason, if the signal is aborted */
export function throwIfAborted(signal: unknown): void {
  if (isAbortSignal(signal) && signal.aborted) throw signal.reason;
}
