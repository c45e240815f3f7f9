// Bytes allocated for one unit of each workload. This runs in a process with a young generation so large that nothing is
// collected while it is measured, see memory-run.ts. `npm run soak` measures memory that stays in use.
import { PerformanceObserver } from "node:perf_hooks";
import { contenderNames, createContender } from "./contenders/all.ts";
import type { Contender } from "./contenders/contender.ts";
import type { BenchAddresses } from "./server.ts";
import { workloads } from "./workloads.ts";

/** Bytes for one unit, by workload and contender. */
export type Allocated = Readonly<Record<string, Readonly<Record<string, number>>>>;

const collections: number[] = [];
new PerformanceObserver((list) => collections.push(list.getEntries().length)).observe({ entryTypes: ["gc"] });

export interface MemoryTask {
  readonly server: BenchAddresses;
  /** The part of each workload's count to run. */
  readonly share: number;
  /** The ids of the workloads. */
  readonly chosen: readonly string[];
}

process.once("message", async ({ server, share, chosen }: MemoryTask) => {
  const contenders = new Map<string, Contender>();
  for (const name of contenderNames) {
    const contender = createContender(name, server);
    if (!("reason" in contender)) contenders.set(name, contender);
  }
  const allocated: Record<string, Record<string, number>> = {};
  for (const workload of workloads.filter(({ id }) => chosen.includes(id))) {
    const count = workload.wholeOnly ? workload.count * share : Math.min(2_000, workload.count * share);
    const ofWorkload: Record<string, number> = {};
    for (const [name, contender] of contenders) {
      if (workload.work(contender, 1) === undefined) continue;
      for (let run = 0; run < 2; run++) {
        const bytes = await bytesOf(workload.work(contender, count));
        // The first run connects and compiles.
        if (run > 0 && bytes !== undefined) ofWorkload[name] = bytes / count;
      }
    }
    allocated[workload.id] = ofWorkload;
  }
  await Promise.all([...contenders.values()].map((contender) => contender.close()));
  process.send?.(allocated, () => process.disconnect());
});

/** Bytes allocated by the work; undefined if a collection ran meanwhile. */
async function bytesOf(work: (() => Promise<unknown>) | undefined): Promise<number | undefined> {
  globalThis.gc?.();
  await observed();
  collections.length = 0;
  const before = process.memoryUsage();
  await work?.();
  const after = process.memoryUsage();
  await observed();
  return collections.length > 0
    ? undefined
    : after.heapUsed - before.heapUsed + after.external - before.external;
}

/** Observers hear of a collection one turn of the event loop later. */
const observed = () => new Promise((resolve) => setTimeout(resolve, 5));
