// The process of one contender, see start-participants.ts. It runs each task and reports the cost.
import { createContender } from "./contenders/all.ts";
import { costOf } from "./cost.ts";
import type { BenchAddresses } from "./server.ts";
import { workloads } from "./workloads.ts";

/** The first message of a process: the workloads that it supports, or the reason why it supports none. */
export type Introduction = { readonly workloads: readonly string[] } | { readonly reason: string };

export interface Turn {
  readonly workload: string;
  readonly count: number;
}

process.once("message", ({ name, server }: { name: string; server: BenchAddresses }) => {
  const contender = createContender(name, server);
  if ("reason" in contender) {
    process.send?.(contender satisfies Introduction);
    return;
  }
  process.on("message", async ({ workload: id, count }: Turn) => {
    const work = workloads.find((workload) => workload.id === id)?.work(contender, count);
    if (work === undefined) throw new Error(`${name} cannot do ${id}`);
    process.send?.(await costOf(work));
  });
  process.once("disconnect", () => contender.close());
  const able = workloads.filter((workload) => workload.work(contender, 1) !== undefined);
  process.send?.({ workloads: able.map(({ id }) => id) } satisfies Introduction);
});
