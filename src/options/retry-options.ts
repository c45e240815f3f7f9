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

/** An attempt that failed, and is followed by another one. */
export interface Retry {
  /** The client's method, as in `publish`; `batch` for calls that share a request. */
  readonly method: string;
  /** The number of the attempt that failed, 1 for the first. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  readonly error: CentError;
}

/**
 * How requests that failed are sent again. A request is sent again, whatever its method, where it was certainly not executed
 * and may succeed later: there was no connection, the status was 429, the stream was refused. Reads, and requests with an idempotency key, are also sent again
 * after a lost connection, an attempt out of time, HTTP 502 to 504, gRPC UNAVAILABLE, and the API's error INTERNAL.
 */
export interface RetryOptions {
  /** How often a request is sent, the first time included. Default 3. */
  maxAttempts?: number | undefined;
  /** The delay before the second attempt in milliseconds; it doubles with each. Half of it or more is waited. Default 100. */
  baseDelayMs?: number | undefined;
  /** The longest delay in milliseconds. A server's Retry-After may make it longer. Default 2,000. */
  maxDelayMs?: number | undefined;
  /** Milliseconds that one attempt may take; 0, the default, for all that the call has left. */
  attemptTimeoutMs?: number | undefined;
  /**
   * Gives each `publish`, `broadcast`, `mapPublish` and `mapRemove` without an `idempotencyKey` a new one, so that it may
   * be sent again. The server keeps each key for five minutes. Default false.
   */
  idempotencyKeys?: boolean | undefined;
  /** The share of the calls of the last 10 s that retries may add; 10 are always permitted. False for no limit. Default 0.2. */
  budget?: number | false | undefined;
  /** Called before each delay; it may be async, and is awaited. Where it fails, the call rejects with a CentError that has this error as its cause. */
  onRetry?: ((retry: Retry) => unknown) | undefined;
}

/** Retry options with their defaults. */
export type CheckedRetry = Required<{ [Name in keyof RetryOptions]: Exclude<RetryOptions[Name], undefined> }>;

/** Retry options where nothing is said. */
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
 * Checks the options in `retry`, and fills in the defaults; undefined where requests are sent once.
 *
 * @param client the client's own, which a call's options take the place of one by one
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
  // They are read by name, as an object may have accessors, or inherit.
  const values = Object.entries(client ?? defaultRetry).map(([name, value]) => [
    name,
    Reflect.get(given, name) ?? value,
  ]);
  return Object.fromEntries(values);
}
