import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Report, Task } from "./report.ts";

/** Milliseconds after which a client hangs that has not reported. */
const hangMs = 60_000;

/** A process that makes the calls of one fault after the other. One that ends or hangs is replaced by a new one. */
export class ClientProcess implements Disposable {
  #child: ChildProcess | undefined;

  async probe(task: Task): Promise<Report> {
    const child = this.#start();
    const ending = new AbortController();
    const timer = setTimeout(() => child.kill("SIGKILL"), hangMs);
    child.send(task);
    try {
      const { signal } = ending;
      const [report] = await Promise.race([
        once(child, "message", { signal }) as Promise<[Report]>,
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

function crash([code, signal]: unknown[]): Report {
  const broken = [signal === "SIGKILL" ? "the client hangs" : `the process ended: ${code ?? signal}`];
  return { ends: [], lateMs: 0, left: [], grownMb: 0, broken };
}
