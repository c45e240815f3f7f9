import type { FaultMethod, FaultOf } from "./fault.ts";
import { faults } from "./faults.ts";
import { judge } from "./judge.ts";
import { ClientProcess } from "./probe/client-process.ts";
import type { Report } from "./probe/report.ts";

export interface Verdict {
  readonly fault: FaultOf;
  readonly method: FaultMethod;
  readonly report: Report;
  readonly complaints: readonly string[];
}

/** The methods that a fault is tried with. */
export function methodsOf(fault: FaultOf): FaultMethod[] {
  return (["publish", "info"] as const).filter((method) => fault[method] !== undefined);
}

/** Client processes, each for one fault at a time. A fault waits for a free process. */
export class ClientProcesses implements Disposable {
  readonly #idle: ClientProcess[];
  readonly #waiting: ((client: ClientProcess) => void)[] = [];

  constructor(count: number) {
    this.#idle = Array.from({ length: count }, () => new ClientProcess());
  }

  /** Starts the server of a fault, has a client call it, and judges the report. */
  async try(fault: FaultOf, method: FaultMethod): Promise<Verdict> {
    const client =
      this.#idle.pop() ?? (await new Promise<ClientProcess>((resolve) => this.#waiting.push(resolve)));
    try {
      await using server = await fault.start();
      using own = fault.isFlood ? new ClientProcess() : undefined;
      const task = { index: faults.indexOf(fault), method, port: server.port };
      const report = await (own ?? client).probe(task, () => server.onWarm?.());
      return { fault, method, report, complaints: judge(fault, method, report, server.requests?.()) };
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(client);
      else next(client);
    }
  }

  [Symbol.dispose](): void {
    for (const client of this.#idle) client[Symbol.dispose]();
  }
}
