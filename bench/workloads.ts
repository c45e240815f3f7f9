// The workloads. Each knows how a contender runs its units, or gives undefined if the contender cannot.
import type { Contender, Publish } from "./contenders/contender.ts";
import { inFlight } from "./contenders/contender.ts";
import { historyChannel } from "./server.ts";

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** The unit that a figure is for. A run is `count` units. */
  readonly unit: string;
  readonly count: number;
  readonly rounds: number;
  /** The part of `count` that each contender runs before its turn is measured: 1 where a turn is a few calls. */
  readonly warmth: number;
  /** Whether `count` is fixed by the set-up of the server. */
  readonly wholeOnly?: true;
  work(contender: Contender, count: number): (() => Promise<unknown>) | undefined;
}

/** Typical data: small, of several types. */
const data = { text: "Hello, world!", user: "42", tags: ["a", "b"] };
export const publishes = (count: number): Publish[] =>
  Array.from({ length: count }, (_, index) => ({ channel: `bench_${index % 100}`, data }));

const calls = (id: string, title: string, width: number, count: number, rounds: number): Workload => ({
  id,
  title,
  unit: "publish",
  count,
  rounds,
  warmth: 0.1,
  work({ publish }, some) {
    const all = publishes(some);
    return publish && (() => inFlight(width, all, publish));
  },
});

export const workloads: readonly Workload[] = [
  calls("one", "publish, one at a time", 1, 300, 21),
  calls("in-flight-64", "publish, 64 in flight", 64, 4_000, 11),
  calls("in-flight-1000", "publish, 1,000 in flight", 1_000, 4_000, 5),
  {
    id: "bulk",
    title: "10,000 publishes at once",
    unit: "publish",
    count: 10_000,
    rounds: 11,
    warmth: 1,
    work({ publishAll }, count) {
      const all = publishes(count);
      return publishAll && (() => publishAll(all));
    },
  },
  {
    id: "batch",
    title: "one batch of 10,000 publishes",
    unit: "publish",
    count: 10_000,
    rounds: 11,
    warmth: 1,
    work({ batch }, count) {
      const all = publishes(count);
      return batch && (() => batch(all));
    },
  },
  {
    id: "broadcast",
    title: "one broadcast to 10,000 channels",
    unit: "channel",
    count: 10_000,
    rounds: 11,
    warmth: 1,
    work({ broadcast }, count) {
      const channels = Array.from({ length: count }, (_, index) => `bench_${index}`);
      return broadcast && (() => broadcast(channels, data));
    },
  },
  {
    id: "history",
    title: "history of 10,000 publications",
    unit: "publication",
    count: 10_000,
    rounds: 11,
    warmth: 1,
    wholeOnly: true,
    work({ history }, count) {
      return (
        history &&
        (async () => {
          const read = await history(historyChannel(count));
          if (read !== count) throw new Error(`${read} publications of ${count} were read`);
        })
      );
    },
  },
];
