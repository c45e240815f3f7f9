/** What some work cost this process, in milliseconds. */
export interface Cost {
  readonly time: number;
  /** Of all its threads, so more than `time` where the collector or the network ran beside it. */
  readonly cpu: number;
}

/** Runs the work once. Garbage of what ran before is collected first, where Node was started with --expose-gc. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await work();
  const time = performance.now() - started;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { time, cpu: (user + system) / 1000 };
}
