// The goals. Each is a ratio of two contenders in the same round.
import type { Spread } from "./report/spread.ts";
import { paired } from "./report/spread.ts";
import type { Measured } from "./rounds.ts";

export interface Goal {
  readonly title: string;
  readonly workload: string;
  readonly contender: string;
  readonly against: string;
  /** The most that is allowed: a multiple of the time of `against`, or microseconds on top of it. */
  readonly atMost: { readonly times: number } | { readonly added: number };
}

const goal = (title: string, workload: string, contender: string) => ({
  times: (times: number, against: string): Goal => ({
    title,
    workload,
    contender,
    against,
    atMost: { times },
  }),
  added: (added: number, against: string): Goal => ({
    title,
    workload,
    contender,
    against,
    atMost: { added },
  }),
});

const httpMany = goal("HTTP, 64 in flight", "in-flight-64", "tscent HTTP");
const httpOne = goal("HTTP, one at a time", "one", "tscent HTTP");
const grpcMany = goal("gRPC, 64 in flight", "in-flight-64", "tscent gRPC");
const grpcOne = goal("gRPC, one at a time", "one", "tscent gRPC");
const batching = goal("10,000 concurrent `publish`, batching", "bulk", "tscent HTTP, batching");
const publishMany = goal("10,000 by `publishMany`", "bulk", "tscent HTTP, publishMany");
const batch = goal("10,000 in one `batch`", "batch", "tscent HTTP");
const httpIntercepted = goal(
  "an interceptor that does nothing, HTTP",
  "in-flight-64",
  "tscent HTTP, an interceptor",
);
const grpcIntercepted = goal(
  "an interceptor that does nothing, gRPC",
  "in-flight-64",
  "tscent gRPC, an interceptor",
);

export const goals: readonly Goal[] = [
  httpMany.times(1.2, "undici by hand"),
  httpMany.times(0.25, "cent.js"),
  httpOne.times(1.1, "undici by hand"),
  grpcMany.times(0.6, "grpc-js"),
  grpcMany.times(0.25, "stock connect-node"),
  grpcMany.times(1.3, "node:http2 by hand"),
  grpcOne.times(0.9, "grpc-js"),
  batching.times(2, "undici by hand"),
  batching.times(0.06, "cent.js"),
  publishMany.times(1.3, "undici by hand"),
  batch.times(1.3, "undici by hand"),
  batch.times(0.15, "pycent"),
  httpIntercepted.added(25, "tscent HTTP"),
  grpcIntercepted.added(25, "tscent gRPC"),
];

/** Compares a goal with the measured ratio. There is no figure if one of the two contenders was not measured. */
export interface Standing extends Goal {
  readonly figure: Spread | undefined;
  readonly met: boolean | undefined;
}

export function standings(measured: ReadonlyMap<string, Measured>): Standing[] {
  return goals.map((goal) => {
    const times = (name: string) =>
      measured
        .get(goal.workload)
        ?.get(name)
        ?.map(({ time }) => time);
    const [own, other] = [times(goal.contender), times(goal.against)];
    if (own === undefined || other === undefined) return { ...goal, figure: undefined, met: undefined };
    const { atMost } = goal;
    return "times" in atMost
      ? stand(
          goal,
          paired(own, other, (one, of) => one / of),
          atMost.times,
        )
      : stand(
          goal,
          paired(own, other, (one, of) => one - of),
          atMost.added,
        );
  });
}

function stand(goal: Goal, figure: Spread, limit: number): Standing {
  return { ...goal, figure, met: figure.median <= limit };
}
