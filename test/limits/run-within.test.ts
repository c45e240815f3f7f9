import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { runWithin } from "../../src/limits/run-within.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Runs work, and holds its result weakly. */
async function weakResult(timeoutMs: number): Promise<WeakRef<object>> {
  const result = await runWithin(timeoutMs, undefined, async () => ({ large: "x".repeat(1_000) }));
  return new WeakRef(result);
}

test("runWithin does not keep the result of ended work until its time limit", async () => {
  const results = [await weakResult(600_000), await weakResult(600_000), await weakResult(600_000)];
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
  expect(results.map((result) => result.deref())).toEqual([undefined, undefined, undefined]);
});

test("work that settles after its time limit does not change the outcome", async () => {
  const late = Promise.withResolvers<string>();
  const work = runWithin(5, undefined, () => late.promise);
  await expect(work).rejects.toThrow("no complete reply within 5 ms");
  late.resolve("late");
  await expect(work).rejects.toThrow("no complete reply within 5 ms");
});
