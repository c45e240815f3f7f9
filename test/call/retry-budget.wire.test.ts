import { describe, expect, test } from "vitest";
import { RetryBudget } from "../../src/call/retry-budget.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { retryingClient } from "../harness/retrying.ts";

/** The number of retries that a budget permits now, up to 1,000. */
function permitted(budget: RetryBudget, share: number | false, now: number): number {
  let count = 0;
  while (count < 1_000 && budget.take(share, now)) count++;
  return count;
}

function countCalls(budget: RetryBudget, calls: number, now: number): void {
  for (let call = 0; call < calls; call++) budget.countCall(now);
}

describe("the budget of retries", () => {
  test("the budget permits ten retries at least, after few calls or with a share of 0", () => {
    const budget = new RetryBudget();
    countCalls(budget, 20, 0);
    expect(permitted(budget, 0.2, 0)).toBe(10);
    expect(permitted(new RetryBudget(), 0, 0)).toBe(10);
  });

  test("the budget permits its share of the calls", () => {
    const budget = new RetryBudget();
    countCalls(budget, 200, 5_000);
    expect(permitted(budget, 0.2, 5_000)).toBe(40);
    expect(permitted(budget, 0.3, 5_000)).toBe(20);
  });

  test("a budget of false has no limit", () => {
    expect(permitted(new RetryBudget(), false, 0)).toBe(1_000);
  });

  test("the budget counts the calls and retries of ten seconds, and forgets older ones second by second", () => {
    const budget = new RetryBudget();
    countCalls(budget, 100, 500);
    countCalls(budget, 100, 1_500);
    expect(permitted(budget, 0.2, 9_900)).toBe(40);
    // The calls of the first second are forgotten, and the retries are not.
    expect(permitted(budget, 0.2, 10_100)).toBe(0);
    countCalls(budget, 200, 18_000);
    expect(permitted(budget, 0.2, 18_100)).toBe(0);
    expect(permitted(budget, 0.2, 19_000)).toBe(40);
    expect(permitted(budget, 0.2, 100_000)).toBe(10);
  });
});

test.each([
  [{}, 10],
  [{ budget: false }, 40],
  [{ budget: 1 }, 40],
  [{ budget: 0.5 }, 20],
] as const)("a client with retry %o repeats %i of 40 failed reads", async (options, retries) => {
  await using server = await startTestServer();
  await using cent = retryingClient("http", server, { retry: { ...options, maxAttempts: 2 } });
  server.fail("history", { status: 503 }, { times: "always" });
  await Promise.all(Array.from({ length: 40 }, () => rejection(cent.history({ channel: "chat" }))));
  expect(server.calls).toHaveLength(40 + retries);
});
