// Starts each contender in a process of its own. In one process contenders share heap and compiled code, and the type
// feedback of one slows down the others, unlike in an application.
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
  /** The contenders that are missing, each with the reason. */
  readonly leftOut: readonly LeftOut[];
}

/** The program of a participant's process. Its folder decides which `tscent` the process imports. */
export interface ParticipantProgram {
  readonly program: URL;
  /** Node's flags, which decide how the process resolves its imports. */
  readonly flags: readonly string[];
}

const here: ParticipantProgram = {
  program: new URL("participant-process.ts", import.meta.url),
  flags: childFlags(),
};

/** Starts every contender that the machine has, pycent among them. */
export async function startParticipants(server: BenchAddresses): Promise<Participants> {
  const participants = new Map<string, Participant>();
  const leftOut: LeftOut[] = [];
  const starting = [
    ...contenderNames.map((name) => ({ name, started: startContender(name, server, here) })),
    { name: "pycent", started: startPycent(server) },
  ];
  for (const { name, started } of starting) {
    const participant = await started;
    if ("reason" in participant) leftOut.push({ name, reason: participant.reason });
    else participants.set(name, participant);
  }
  return { participants, leftOut };
}

/** Starts one contender with the given program. */
export async function startContender(
  name: string,
  server: BenchAddresses,
  { program, flags }: ParticipantProgram,
): Promise<Participant | { reason: string }> {
  const child = fork(program, { execArgv: [...flags, "--expose-gc"] });
  const exited = once(child, "exit");
  const ended = exited.then(([code]) => {
    throw new Error(`${name} ended with ${code}; what it said is above`);
  });
  ended.catch(() => {
    // A normal end comes here, too. It rejects only calls that wait for an answer.
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
