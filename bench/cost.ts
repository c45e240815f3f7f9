/** The cost of some work for this process, in milliseconds. */
export interface Cost {
  readonly time: number;
  /** CPU time of all threads. It exceeds `time` if the collector or the network ran beside the work. */
  readonly cpu: number;
}

/**
 * Runs the work once. With --expose-gc, a collection of young garbage comes first. A full collection would also drop
 * compiled code, which doubles the time of a batch (measured) and does not happen to a program at work.
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
