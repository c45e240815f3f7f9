// A contender in a process of its own. In one process they would share heap and compiled code, and what the engine
// learns of one would slow the others down; no application is like that.
import { fork } from "node:child_process";
import { once } from "node:events";
import type { LeftOut } from "./contenders/all.ts";
import { contenderNames } from "./contenders/all.ts";
import { startPycent } from "./contenders/pycent.ts";
import type { Cost } from "./cost.ts";
import type { Participant } from "./participant.ts";
import type { Introduction, Turn } from "./participant-process.ts";
import type { BenchAddresses } from "./server.ts";
import { childFlags } from "./server.ts";

export interface Participants {
  readonly participants: ReadonlyMap<string, Participant>;
  /** Who is not there, and why. */
  readonly leftOut: readonly LeftOut[];
}

/** Starts all contenders that can be, pycent among them. */
export async function startParticipants(server: BenchAddresses): Promise<Participants> {
  const participants = new Map<string, Participant>();
  const leftOut: LeftOut[] = [];
  const starting = [
    ...contenderNames.map((name) => ({ name, started: start(name, server) })),
    { name: "pycent", started: startPycent(server) },
  ];
  for (const { name, started } of starting) {
    const participant = await started;
    if ("reason" in participant) leftOut.push({ name, reason: participant.reason });
    else participants.set(name, participant);
  }
  return { participants, leftOut };
}

async function start(name: string, server: BenchAddresses): Promise<Participant | { reason: string }> {
  const child = fork(new URL("participant-process.ts", import.meta.url), {
    execArgv: [...childFlags(), "--expose-gc"],
  });
  const exited = once(child, "exit");
  const ended = exited.then(([code]) => {
    throw new Error(`${name} ended with ${code}; what it said is above`);
  });
  ended.catch(() => {
    // It ends like this in the end, too; only those who wait for an answer are interested.
  });
  const ask = async (question: object): Promise<unknown> => {
    child.send(question);
    const [answer] = await Promise.race([once(child, "message"), ended]);
    return answer;
  };
  const close = async () => {
    child.disconnect();
    await exited;
  };
  const introduction = (await ask({ name, server })) as Introduction;
  if ("reason" in introduction) {
    await close();
    return introduction;
  }
  const turn = (workload: string, count: number) => ask({ workload, count } satisfies Turn) as Promise<Cost>;
  return { workloads: new Set(introduction.workloads), turn, close };
}
