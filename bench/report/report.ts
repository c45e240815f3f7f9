import type { LeftOut } from "../contenders/all.ts";
import type { Standing } from "../goals.ts";
import { standings } from "../goals.ts";
import type { Allocated } from "../memory.ts";
import type { Measured } from "../rounds.ts";
import type { Workload } from "../workloads.ts";
import type { Machine } from "./machine.ts";
import { describeMachine, versions } from "./machine.ts";
import type { Spread } from "./spread.ts";
import { paired, spread } from "./spread.ts";

/** The results of a run, as latest.json holds them. */
export interface Report {
  readonly date: string;
  readonly server: string;
  /** Whether this is a smoke run, whose figures mean nothing. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
  readonly workloads: readonly WorkloadReport[];
  readonly goals: readonly Standing[];
}

export interface WorkloadReport extends Pick<Workload, "id" | "title" | "unit" | "count" | "rounds"> {
  readonly contenders: readonly ContenderReport[];
}

export interface ContenderReport {
  readonly name: string;
  /** Microseconds for one unit. */
  readonly time: Spread;
  /** Microseconds of CPU for one unit, over all threads of the contender's process. */
  readonly cpu: Spread;
  /** Bytes allocated for one unit. pycent's are not measured. */
  readonly allocated: number | undefined;
  /** The ratio of the time to that of `baseline`, within each round. */
  readonly ratio: Spread | undefined;
}

/** The contender that the tables compare all others with. */
export const baseline = "undici by hand";

export interface Findings extends Pick<Report, "server" | "quick" | "leftOut"> {
  readonly pycent: string | undefined;
  readonly measured: ReadonlyMap<Workload, Measured>;
  readonly allocated: Allocated;
}

export function createReport({ measured, allocated, pycent, ...rest }: Findings): Report {
  const byId = new Map([...measured].map(([{ id }, figures]) => [id, figures]));
  return {
    date: new Date().toISOString().slice(0, 10),
    ...rest,
    machine: describeMachine(),
    versions: { ...versions(), ...(pycent === undefined ? {} : { pycent }) },
    workloads: [...measured].map(([workload, figures]) => reportOf(workload, figures, allocated)),
    goals: standings(byId),
  };
}

function reportOf(
  { id, title, unit, count, rounds }: Workload,
  figures: Measured,
  allocated: Allocated,
): WorkloadReport {
  const timesOf = (name: string) => figures.get(name)?.map(({ time }) => time);
  const base = timesOf(baseline);
  const contenders = [...figures].map(([name, costs]) => {
    const times = costs.map(({ time }) => time);
    return {
      name,
      time: spread(times),
      cpu: spread(costs.map(({ cpu }) => cpu)),
      allocated: allocated[id]?.[name],
      ratio: base && paired(times, base, (one, other) => one / other),
    };
  });
  return { id, title, unit, count, rounds, contenders };
}
