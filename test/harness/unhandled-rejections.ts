import { afterEach, beforeEach } from "vitest";

/** The reasons of the promises that reject unhandled in each test of the suite that calls this. */
export function unhandledRejections(): readonly unknown[] {
  const reasons: unknown[] = [];
  let others: NodeJS.UnhandledRejectionListener[] = [];

  beforeEach(() => {
    reasons.length = 0;
    // Vitest's own listener would fail the run.
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => reasons.push(reason));
  });

  afterEach(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  });
  return reasons;
}
