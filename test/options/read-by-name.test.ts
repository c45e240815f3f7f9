import { expect, test } from "vitest";
import type { RetryOptions } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { checkRetry, defaultRetry } from "../../src/options/retry-options.ts";

class OneAttempt {
  get maxAttempts() {
    return 1;
  }
}

test("retry options may be accessors or inherited", () => {
  for (const given of [new OneAttempt(), Object.create({ maxAttempts: 1 }) as RetryOptions])
    expect(checkRetry(given, defaultRetry)).toEqual({ ...defaultRetry, maxAttempts: 1 });
});

test.each([[[]], ["yes"], [null], [5]])("createClient refuses %j for retry", (retry) => {
  expect(() => createClient({ url: "http://x/api", retry: retry as never })).toThrow("retry: expected");
});

test.each(["pingIntervalMs", "pingTimeoutMs"])("createClient refuses 0 for grpc.%s", (name) => {
  expect(() => createClient({ transport: "grpc", url: "http://x", grpc: { [name]: 0 } })).toThrow(
    `grpc.${name}: expected milliseconds above 0`,
  );
});
