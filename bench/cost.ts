/** What some work cost this process, in milliseconds. */
export interface Cost {
  readonly time: number;
  /** Of all its threads, so more than `time` where the collector or the network ran beside it. */
  readonly cpu: number;
}

/**
 * Runs the work once. The young garbage of what ran before is collected first, where Node was started with --expose-gc.
 * A full collection would throw away compiled code as well, whose object shapes nobody holds at that moment: measured to
 * double what a batch takes, and nothing that happens to a program at work.
 */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.({ type: "minor" });
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await work();
  const time = performance.now() - started;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { time, cpu: (user + system) / 1000 };
}
