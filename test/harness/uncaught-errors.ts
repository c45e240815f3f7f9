import { afterEach, beforeEach } from "vitest";

/** Collects the errors that would end the process in each test of the suite that calls this. Gives them so far. */
export function uncaughtErrors(): () => readonly unknown[] {
  const errors: unknown[] = [];
  let others: NodeJS.UncaughtExceptionListener[] = [];

  beforeEach(() => {
    errors.length = 0;
    // Vitest's own listener would fail the run.
    others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => errors.push(error));
  });

  afterEach(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  });
  return () => errors;
}
