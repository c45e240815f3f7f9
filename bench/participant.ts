import type { Cost } from "./cost.ts";

/** A contender in a process of its own. */
export interface Participant {
  /** The ids of the workloads that it can do. */
  readonly workloads: ReadonlySet<string>;
  /** Does so many units of a workload, and says what they cost. */
  turn(workload: string, count: number): Promise<Cost>;
  close(): Promise<void>;
}
