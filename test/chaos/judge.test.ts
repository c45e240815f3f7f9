import { expect, test } from "vitest";
import type { ClientReport } from "./client/task.ts";
import { outcome } from "./client/task.ts";
import { judge } from "./judge.ts";

const { succeeded, maybeExecuted, notExecuted } = outcome;

function report(outcomes: readonly number[], more: Partial<ClientReport> = {}): ClientReport {
  const nothing = { worstLatenessMs: 0, errors: new Map(), faults: [], leftOpen: [] };
  return { ...nothing, outcomes: Uint8Array.from(outcomes), ...more };
}

test("judge finds no broken promise in a run that keeps them all", () => {
  const verdict = judge(
    report([succeeded, maybeExecuted, maybeExecuted, notExecuted]),
    Uint8Array.of(1, 0, 1, 0),
    false,
  );
  expect(verdict).toEqual({
    calls: 4,
    succeeded: 1,
    maybeExecuted: 2,
    notExecuted: 1,
    duplicates: 0,
    lost: 0,
    wrong: 0,
    worstLatenessMs: 0,
    broken: [],
  });
});

test.each([
  ["a loss", [succeeded, succeeded], [1, 0], { lost: 1 }],
  ["a duplicate of a success", [succeeded], [2], { duplicates: 1 }],
  ["a duplicate of a failure", [succeeded, maybeExecuted], [1, 2], { duplicates: 1 }],
  ["a failure that says wrongly that nothing was executed", [succeeded, notExecuted], [1, 1], { wrong: 1 }],
  ["a run without a success", [notExecuted], [0], { succeeded: 0 }],
])("judge finds %s", (_, outcomes, counts, expected) => {
  const verdict = judge(report(outcomes), Uint8Array.from(counts), false);
  expect(verdict).toMatchObject(expected);
  expect(verdict.broken).toHaveLength(1);
});

test("judge finds a failure if each call must succeed", () => {
  expect(judge(report([succeeded, maybeExecuted]), Uint8Array.of(1, 1), true).broken).toEqual([
    "1 calls failed, though each was to succeed",
  ]);
});

test.each([
  [{ worstLatenessMs: 51 }, "a call settled 51 ms after its deadline"],
  [{ leftOpen: ["Timeout"] }, "left open after close(): Timeout"],
  [{ faults: ["unhandled rejection: Error: x"] }, "unhandled rejection: Error: x"],
])("judge finds the broken promise in %o", (more, words) => {
  expect(judge(report([succeeded], more), Uint8Array.of(1), true).broken).toEqual([words]);
});
