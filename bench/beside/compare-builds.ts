// Compares one contender in two builds of the package. The turns of both alternate closely, so that disturbances of the
// machine hit both.
import { chunks } from "../contenders/contender.ts";
import type { Participant } from "../participant.ts";
import type { Spread } from "../report/spread.ts";
import { paired, spread } from "../report/spread.ts";
import { measure } from "../rounds.ts";
import type { BenchAddresses } from "../server.ts";
import type { ParticipantProgram } from "../start-participants.ts";
import { startContender } from "../start-participants.ts";
import type { Workload } from "../workloads.ts";

export type Builds = Readonly<Record<"old" | "new", ParticipantProgram>>;

/** The cost of a contender's workload in both builds: microseconds of the CPU for one unit. */
export interface Compared {
  readonly workload: Workload;
  readonly contender: string;
  readonly old: Spread;
  readonly new: Spread;
  /** The ratio of new to old within each round. */
  readonly ratio: Spread;
}

/** Compares a contender in each workload that it supports. A round takes about `roundMs` of CPU or more. */
export async function compareBuilds(
  contender: string,
  builds: Builds,
  server: BenchAddresses,
  { workloads, roundMs }: { readonly workloads: readonly Workload[]; readonly roundMs: number },
): Promise<Compared[]> {
  const pair = new Map<string, Participant>();
  for (const [build, program] of Object.entries(builds)) {
    const participant = await startContender(contender, server, program);
    if ("reason" in participant) throw new Error(`${contender}, ${build} build: ${participant.reason}`);
    pair.set(build, participant);
  }
  const compared: Compared[] = [];
  for (const workload of workloads) {
    if (![...pair.values()].every((participant) => participant.workloads.has(workload.id))) continue;
    const times = await turnsPerRound(pair, workload, roundMs);
    const { count, rounds } = workload;
    const measured = await measure(workload, pair, { count, rounds: rounds * times });
    const cpuOf = (build: keyof Builds) =>
      chunks(measured.get(build) ?? [], times).map((turns) =>
        turns.reduce((sum, { cpu }) => sum + cpu / times, 0),
      );
    const [before, after] = [cpuOf("old"), cpuOf("new")];
    const ratio = paired(after, before, (one, other) => one / other);
    compared.push({ workload, contender, old: spread(before), new: spread(after), ratio });
  }
  for (const participant of pair.values()) await participant.close();
  return compared;
}

/** The number of turns that take long enough to be measured. The first turns connect and compile. */
async function turnsPerRound(
  pair: ReadonlyMap<string, Participant>,
  { id, count }: Workload,
  roundMs: number,
): Promise<number> {
  let least = roundMs;
  for (let warming = 0; warming < 4; warming++) {
    for (const { turn } of pair.values()) least = Math.min(least, (await turn(id, count)).cpu);
  }
  // A coarse CPU clock reports zero for little work.
  return Math.ceil(roundMs / Math.max(1, least));
}
