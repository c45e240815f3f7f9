import { fork } from "node:child_process";
import { once } from "node:events";
import type { Allocated, MemoryTask } from "./memory.ts";
import { childFlags } from "./server.ts";

/** Megabytes of the young generation: more than any workload allocates. */
const youngGeneration = 1024;

/** Measures allocations in a process of its own. */
export async function measureMemory(task: MemoryTask): Promise<Allocated> {
  const child = fork(new URL("memory.ts", import.meta.url), {
    execArgv: [
      ...childFlags(),
      "--expose-gc",
      `--min-semi-space-size=${youngGeneration}`,
      `--max-semi-space-size=${youngGeneration}`,
    ],
  });
  child.send(task);
  const exited = once(child, "exit").then(([code]) => {
    throw new Error(`measuring the memory ended with ${code}`);
  });
  const [allocated] = (await Promise.race([once(child, "message"), exited])) as [Allocated];
  exited.catch(() => {
    // The process also ends normally. Only an end before its message is an error.
  });
  return allocated;
}
