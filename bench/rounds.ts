// Contenders take turns, in another order each round, so that disturbances of the machine hit all of them. Ratios within
// a round carry over to other machines; times do not.
import type { Cost } from "./cost.ts";
import type { Participant } from "./participant.ts";
import type { Workload } from "./workloads.ts";

/** Microseconds for one unit, by contender and round. */
export type Measured = ReadonlyMap<string, readonly Cost[]>;

/** Rounds that do not count, in which the engine compiles the hot code. */
const compiling = 4;

export async function measure(
  workload: Workload,
  participants: ReadonlyMap<string, Participant>,
  { count, rounds }: Pick<Workload, "count" | "rounds">,
): Promise<Measured> {
  const turns = [...participants].filter(([, { workloads }]) => workloads.has(workload.id));
  const warming = Math.max(1, Math.round(count * workload.warmth));
  const measured = new Map<string, Cost[]>(turns.map(([name]) => [name, []]));
  for (let round = -compiling; round < rounds; round++) {
    for (const [name, participant] of shuffled(turns)) {
      await participant.turn(workload.id, warming);
      const { time, cpu } = await participant.turn(workload.id, count);
      const each = 1000 / count;
      if (round >= 0) measured.get(name)?.push({ time: time * each, cpu: cpu * each });
    }
  }
  return measured;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
