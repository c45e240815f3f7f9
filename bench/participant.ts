import type { Cost } from "./cost.ts";

/** A contender in a process of its own. */
export interface Participant {
  /** The ids of the workloads that the contender supports. */
  readonly workloads: ReadonlySet<string>;
  /** Runs `count` units of a workload. Resolves with their cost. */
  turn(workload: string, count: number): Promise<Cost>;
  close(): Promise<void>;
}
