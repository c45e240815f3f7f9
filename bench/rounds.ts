// Contenders take turns, in another order each round, so that the machine's moods fall on all of them. What carries over
// to other machines are the ratios, and those are taken within a round.
import type { Contender } from "./contenders/contender.ts";
import type { Cost } from "./cost.ts";
import { costOf } from "./cost.ts";
import type { Workload } from "./workloads.ts";

/** For each contender its costs for one unit, in microseconds, round by round. */
export type Measured = ReadonlyMap<string, readonly Cost[]>;

/** The part of a workload that each contender does before its turn is measured. */
const warmth = 0.1;

export async function measure(
  workload: Workload,
  contenders: ReadonlyMap<string, Contender>,
  { count, rounds }: Pick<Workload, "count" | "rounds">,
): Promise<Measured> {
  const turns = new Map<string, (count: number) => Promise<Cost>>();
  for (const [name, contender] of contenders) {
    const turn = turnOf(workload, contender);
    if (turn !== undefined) turns.set(name, turn);
  }
  const warming = workload.wholeOnly ? count : Math.max(1, Math.round(count * warmth));
  const measured = new Map<string, Cost[]>([...turns.keys()].map((name) => [name, []]));
  // The round before the first one compiles; it does not count.
  for (let round = -1; round < rounds; round++) {
    for (const [name, turn] of shuffled([...turns])) {
      await turn(warming);
      const { time, cpu } = await turn(count);
      const each = 1000 / count;
      if (round >= 0) measured.get(name)?.push({ time: time * each, cpu: cpu * each });
    }
  }
  return measured;
}

function turnOf(workload: Workload, contender: Contender): ((count: number) => Promise<Cost>) | undefined {
  const elsewhere = contender.elsewhere?.get(workload.id);
  if (elsewhere !== undefined || workload.work(contender, 1) === undefined) return elsewhere;
  return async (count) => {
    const work = workload.work(contender, count);
    if (work === undefined) throw new Error(`${workload.id}: it could a moment ago`);
    return costOf(work);
  };
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
