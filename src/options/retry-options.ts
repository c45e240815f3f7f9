import type { CentError } from "../errors/cent-error.ts";
import {
  callback,
  count,
  expect,
  expectOptions,
  flag,
  isObject,
  milliseconds,
  optionChecks,
  shown,
} from "./option-checks.ts";

/** A failed attempt that another one follows. */
export interface Retry {
  /** The client's method: `publish`; `batch` for calls that share a request. */
  readonly method: string;
  /** The number of the attempt that failed, 1 for the first. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  readonly error: CentError;
}

/**
 * How failed requests are sent again. Any request: if it was not executed, as after a refused connection or stream, or HTTP
 * 429. Reads, and requests with an idempotency key: also if execution is unknown, as after a lost connection, an attempt
 * timeout, HTTP 502 to 504, gRPC UNAVAILABLE or the API error INTERNAL.
 */
export interface RetryOptions {
  /** Maximum number of attempts, the first included. Default 3. */
  maxAttempts?: number | undefined;
  /** Milliseconds before the second attempt; doubles with each. The real wait is 50 to 100 % of it. Default 100. */
  baseDelayMs?: number | undefined;
  /** Maximum delay in milliseconds. A server's `Retry-After` can make a delay longer. Default 2,000. */
  maxDelayMs?: number | undefined;
  /** Milliseconds that one attempt may take. Default 0: no limit besides the call's `timeoutMs`. */
  attemptTimeoutMs?: number | undefined;
  /**
   * Adds a new `idempotencyKey` to each `publish`, `broadcast`, `mapPublish` and `mapRemove` without one, so that it can be
   * sent again. A broadcast that lists a channel twice gets none. The server keeps a key for 5 minutes. Default false.
   */
  idempotencyKeys?: boolean | undefined;
  /** Maximum ratio of retries to calls in 10 s, from 0 to 1; 10 retries are always allowed. False: no limit. Default 0.2. */
  budget?: number | false | undefined;
  /** Called before each delay, and awaited. If it fails, the call rejects with a CentError whose `cause` is that error. */
  onRetry?: ((retry: Retry) => unknown) | undefined;
}

/** Retry options with their defaults. */
export type CheckedRetry = Required<{ [Name in keyof RetryOptions]: Exclude<RetryOptions[Name], undefined> }>;

export const defaultRetry: CheckedRetry = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2_000,
  attemptTimeoutMs: 0,
  idempotencyKeys: false,
  budget: 0.2,
  onRetry: () => {},
};

const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;

const checks = optionChecks<RetryOptions>({
  maxAttempts: shown(count),
  baseDelayMs: shown(milliseconds),
  maxDelayMs: shown(milliseconds),
  attemptTimeoutMs: shown(milliseconds),
  idempotencyKeys: flag,
  budget: shown((value) => value === false || isShare(value) || "a number from 0 to 1, or false"),
  onRetry: callback,
});

/**
 * Checks the options in `retry`, and fills in the defaults; undefined if requests are sent once.
 *
 * @param client the client's options, which fill in for those that a call does not give
 * @throws PathError naming the option and what was expected
 */
export function checkRetry(
  given: RetryOptions | false | undefined,
  client: CheckedRetry | undefined,
): CheckedRetry | undefined {
  if (given === undefined) return client;
  if (given === false) return undefined;
  expect("retry", isObject(given) && !Array.isArray(given), "an object with options, or false");
  expectOptions(given, checks, "retry.");
  // Read by name, as a spread would miss accessors and inherited properties.
  const values = Object.entries(client ?? defaultRetry).map(([name, value]) => [
    name,
    Reflect.get(given, name) ?? value,
  ]);
  return Object.fromEntries(values);
}
