import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Report, Task } from "./report.ts";
import { warm } from "./report.ts";

/** Milliseconds after which a client without a report counts as hanging. */
const hangMs = 60_000;

/** A process that makes the calls of one fault after the other. A new process replaces one that ends or hangs. */
export class ClientProcess implements Disposable {
  #child: ChildProcess | undefined;

  /** Runs one fault. `onWarm` runs between the warm-up calls and the rest after them. */
  async probe(task: Task, onWarm: () => void): Promise<Report> {
    const child = this.#start();
    const ending = new AbortController();
    const timer = setTimeout(() => child.kill("SIGKILL"), hangMs);
    child.send(task);
    try {
      const { signal } = ending;
      const [report] = await Promise.race([
        reportOf(child, onWarm, signal),
        once(child, "exit", { signal }).then((end) => [crash(end)] as const),
      ]);
      return report;
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  }

  #start(): ChildProcess {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) {
      this.#child = fork(new URL("main.ts", import.meta.url), {
        execArgv: ["--expose-gc", "--conditions=tscent-source"],
      });
    }
    return this.#child;
  }

  [Symbol.dispose](): void {
    this.#child?.kill("SIGKILL");
  }
}

async function reportOf(child: ChildProcess, onWarm: () => void, signal: AbortSignal): Promise<[Report]> {
  for (;;) {
    const [message] = (await once(child, "message", { signal })) as [Report | typeof warm];
    if (message !== warm) return [message];
    onWarm();
    child.send(warm);
  }
}

function crash([code, signal]: unknown[]): Report {
  const broken = [signal === "SIGKILL" ? "the client hangs" : `the process ended: ${code ?? signal}`];
  return { ends: [], lateMs: 0, left: [], grownMb: 0, broken };
}
