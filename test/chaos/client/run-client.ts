import { fork } from "node:child_process";
import { once } from "node:events";
import type { ClientReport, ClientTask } from "./task.ts";

/** More than the longest deadline of a call, so that all calls are settled by then. */
const settlingMs = 60_000;
/** A process without open resources ends within this time. */
const endingMs = 2_000;

/** Runs a client in its own process, and gives its report. `signal` ends it early. */
export async function runClient(task: ClientTask, signal: AbortSignal): Promise<ClientReport> {
  signal.throwIfAborted();
  const child = fork(new URL("main.ts", import.meta.url), {
    execArgv: ["--conditions=tscent-source"],
    serialization: "advanced",
  });
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  const exited = once(child, "exit");
  let report: ClientReport | undefined;
  let ending = setTimeout(kill, task.seconds * 1_000 + settlingMs);
  child.once("message", (message) => {
    report = message as ClientReport;
    clearTimeout(ending);
    ending = setTimeout(kill, endingMs);
  });
  child.send(task);
  const [code] = await exited;
  clearTimeout(ending);
  signal.removeEventListener("abort", kill);
  signal.throwIfAborted();
  if (report === undefined)
    throw new Error(`the client ended with ${code}, or was ended, before each call was settled`);
  const fault = `after close() the process did not end by itself within ${endingMs} ms`;
  return code === 0 ? report : { ...report, faults: [...report.faults, fault] };
}
