import { describe, expect, test } from "vitest";
import { authorization, secret } from "../../src/options/authorization.ts";
import { checkBatching, withBatchingDefaults } from "../../src/options/check-batching.ts";
import { checkCloseOptions } from "../../src/options/close-options.ts";
import { checkManyOptions } from "../../src/options/many-options.ts";
import type { RetryOptions } from "../../src/options/retry-options.ts";
import { checkRetry, defaultRetry } from "../../src/options/retry-options.ts";

const ms = "milliseconds from 0 to 2147483647";

describe("options of retries", () => {
  const client = { ...defaultRetry, maxAttempts: 7, baseDelayMs: 8 };

  test("retries have defaults, which make three attempts with short delays", () => {
    expect(defaultRetry).toEqual({
      maxAttempts: 3,
      baseDelayMs: 100,
      maxDelayMs: 2_000,
      attemptTimeoutMs: 0,
      idempotencyKeys: false,
      budget: 0.2,
      onRetry: expect.any(Function),
    });
    expect(defaultRetry.onRetry({} as never)).toBeUndefined();
  });

  test("retry options take the place of the client's one by one", () => {
    expect(checkRetry(undefined, client)).toBe(client);
    expect(checkRetry({}, client)).toEqual(client);
    expect(checkRetry({ maxAttempts: 2, baseDelayMs: undefined }, client)).toEqual({
      ...client,
      maxAttempts: 2,
    });
    expect(checkRetry({ budget: false }, client)).toEqual({ ...client, budget: false });
    expect(checkRetry({ maxAttempts: 2 }, undefined)).toEqual({ ...defaultRetry, maxAttempts: 2 });
  });

  test("retries are off where the option is false", () => {
    expect([checkRetry(false, client), checkRetry(undefined, undefined)]).toEqual([undefined, undefined]);
  });

  test("retry options may be at the ends of their ranges", () => {
    const ends = [
      { budget: 0 },
      { budget: 1 },
      { maxAttempts: 1 },
      { baseDelayMs: 0 },
      { attemptTimeoutMs: 0 },
    ];
    for (const options of ends) expect(checkRetry(options, defaultRetry)).toMatchObject(options);
  });

  test.each<[unknown, string]>([
    [true, "retry: expected an object with options, or false"],
    [null, "retry: expected an object with options, or false"],
    [[], "retry: expected an object with options, or false"],
    [
      { attempts: 1 },
      "retry.attempts: unknown option; expected one of maxAttempts, baseDelayMs, maxDelayMs,",
    ],
    [{ maxAttempts: 0 }, "retry.maxAttempts: expected an integer above 0, got 0"],
    [{ maxAttempts: 1.5 }, "retry.maxAttempts: expected an integer above 0, got 1.5"],
    [{ baseDelayMs: -1 }, `retry.baseDelayMs: expected ${ms}, got -1`],
    [{ maxDelayMs: "5" }, `retry.maxDelayMs: expected ${ms}, got 5`],
    [{ attemptTimeoutMs: 2 ** 31 }, `retry.attemptTimeoutMs: expected ${ms}, got 2147483648`],
    [{ idempotencyKeys: "no" }, "retry.idempotencyKeys: expected true or false, got no"],
    [{ budget: true }, "retry.budget: expected a number from 0 to 1, or false, got true"],
    [{ budget: -0.1 }, "retry.budget: expected a number from 0 to 1, or false, got -0.1"],
    [{ budget: 1.1 }, "retry.budget: expected a number from 0 to 1, or false, got 1.1"],
    [{ budget: "0.5" }, "retry.budget: expected a number from 0 to 1, or false, got 0.5"],
    [{ onRetry: {} }, "retry.onRetry: expected a function"],
  ])("wrong options are refused: %o", (options, message) => {
    expect(() => checkRetry(options as RetryOptions, client)).toThrow(message);
  });
});

describe("options of publishMany", () => {
  const client = { timeoutMs: 9, retry: defaultRetry };

  test("publishMany has defaults, and the client's time limit and retries", () => {
    expect(checkManyOptions({}, client)).toEqual({
      maxCommands: 500,
      maxBytes: 524_288,
      maxDelayMs: 0,
      inFlight: 4,
      signal: undefined,
      timeoutMs: 9,
      header: undefined,
      retry: defaultRetry,
      isAlone: false,
      onProgress: undefined,
    });
  });

  test("options of publishMany take the place of the defaults", () => {
    const { signal } = new AbortController();
    const limits = { maxCommands: 1, maxBytes: 2, inFlight: 3, timeoutMs: 0, onProgress() {}, signal };
    const headers = { "X-A": "1" };
    expect(checkManyOptions({ ...limits, headers, retry: false }, client)).toEqual({
      ...limits,
      maxDelayMs: 0,
      header: { "x-a": "1" },
      retry: undefined,
      isAlone: false,
    });
  });

  test.each<[unknown, string]>([
    [[], "options: expected an object"],
    [{ maxDelayMs: 1 }, "maxDelayMs: unknown option; expected one of timeoutMs, signal, headers, retry, max"],
    [{ maxCommands: 0 }, "maxCommands: expected an integer above 0, got 0"],
    [{ maxBytes: null }, "maxBytes: expected an integer above 0, got null"],
    [{ inFlight: "secret" }, "inFlight: expected an integer above 0, got string"],
    [{ onProgress: 1 }, "onProgress: expected a function"],
    [{ timeoutMs: -1 }, `timeoutMs: expected ${ms}`],
    [{ headers: { host: "x" } }, "headers.host: is set by the transport"],
    [{ retry: { budget: 2 } }, "retry.budget: expected a number from 0 to 1, or false, got 2"],
  ])("wrong options are refused: %o", (options, message) => {
    expect(() => checkManyOptions(options, client)).toThrow(message);
  });
});

describe("options of batching", () => {
  const defaults = { maxCommands: 500, maxBytes: 524_288, maxDelayMs: 0, inFlight: 4 };

  test("batching has defaults, or is off", () => {
    expect(withBatchingDefaults({})).toEqual(defaults);
    expect(checkBatching(true, 5)).toEqual(defaults);
    expect(checkBatching({ inFlight: 1 }, 5)).toEqual({ ...defaults, inFlight: 1 });
    expect([checkBatching(false, 5), checkBatching(undefined, 5)]).toEqual([undefined, undefined]);
  });

  test("batching delays a call for less than its time limit", () => {
    expect(() => checkBatching({ maxDelayMs: 5 }, 5)).toThrow(
      "batching.maxDelayMs: expected less than timeoutMs, got 5",
    );
    expect(checkBatching({ maxDelayMs: 4 }, 5)?.maxDelayMs).toBe(4);
    expect(checkBatching({ maxDelayMs: 5_000 }, 0)?.maxDelayMs).toBe(5_000);
  });
});

test("close gives calls ten seconds, or what its options say", () => {
  expect([checkCloseOptions(), checkCloseOptions({}), checkCloseOptions({ timeoutMs: 0 })]).toEqual([
    10_000, 10_000, 0,
  ]);
  expect(() => checkCloseOptions({ timeoutMs: -1 })).toThrow(
    new TypeError(`close: timeoutMs: expected ${ms}, got -1`),
  );
  expect(() => checkCloseOptions({ timeout: 1 } as object)).toThrow(
    new TypeError("close: timeout: unknown option; did you mean timeoutMs?"),
  );
});

describe("a secret", () => {
  test("a secret is a string of visible ASCII, or a function", () => {
    expect(["key", () => "key"].map(secret)).toEqual([true, true]);
    expect(["", "a b", "é", 5].map(secret)).toEqual([
      "one or more visible ASCII characters",
      "one or more visible ASCII characters",
      "one or more visible ASCII characters",
      "a string, or a function that gives one, got number",
    ]);
  });

  test("a secret that a function gives goes with the scheme of its option", async () => {
    expect(await authorization(() => "key", undefined)()).toEqual({ authorization: "apikey key" });
    expect(await authorization(undefined, async () => "a.b")()).toEqual({ authorization: "Bearer a.b" });
    expect(authorization(undefined, "a.b")()).toEqual({ authorization: "Bearer a.b" });
  });

  test("a secret that its function does not give is named by its option, with the cause", async () => {
    const cause = new Error("vault is shut");
    await expect(authorization(undefined, () => Promise.reject(cause))()).rejects.toMatchObject({
      message: "bearerToken: the function failed; see the cause",
      path: "bearerToken",
      cause,
    });
    await expect(authorization(() => 5 as never, undefined)()).rejects.toMatchObject({
      message: "apiKey: the function gave no string of visible ASCII characters",
      path: "apiKey",
    });
  });
});
