import type { HeadersInput } from "./headers.ts";
import type { OptionChecks, OptionGroup } from "./option-checks.ts";
import { anything, hasFunctions, milliseconds, optionChecks } from "./option-checks.ts";
import type { CheckedRetry, RetryOptions } from "./retry-options.ts";

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds that the call may take, instead of the client's; 0 for no limit. */
  timeoutMs?: number | undefined;
  /** Aborts the call, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers, or gRPC metadata, that go with this call, besides the client's; one of the same name takes its place. */
  headers?: HeadersInput | undefined;
  /** How the request is sent again; what is not given here is as the client has it. False sends it once. */
  retry?: RetryOptions | false | undefined;
}

/** The limits of a call, and the headers that go with it alone. */
export interface CallLimits {
  readonly signal: AbortSignal | undefined;
  /** In milliseconds; 0 for no limit. */
  readonly timeoutMs: number;
  readonly header: Readonly<Record<string, string>> | undefined;
  /** Undefined for a request that is sent once. */
  readonly retry: CheckedRetry | undefined;
  /** Whether the call has options of its own that it cannot share with others. */
  readonly isAlone: boolean;
}

/** The checks of {@link CallOptions}; headers and retry options are checked as they are read. */
export const callOptions: OptionGroup<CallOptions> = {
  timeoutMs: milliseconds,
  signal: (value) => isAbortSignal(value) || "an AbortSignal",
  headers: anything,
  retry: anything,
};

export const callOptionChecks: OptionChecks = optionChecks(callOptions);

/** The class alone does not tell: a signal may come from a polyfill, or another realm. */
function isAbortSignal(value: unknown): value is AbortSignal {
  if (value instanceof AbortSignal) return true;
  const listens = hasFunctions(value, "addEventListener", "removeEventListener");
  return listens && typeof (value as Partial<AbortSignal>).aborted === "boolean";
}

/** @throws the signal's reason, where it is aborted */
export function throwIfAborted(signal: unknown): void {
  if (isAbortSignal(signal) && signal.aborted) throw signal.reason;
}
