// pycent in a Python of its own, which takes the time itself; what is said between the processes is not in it.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Cost } from "../cost.ts";
import type { BenchAddresses } from "../server.ts";
import type { Contender } from "./contender.ts";

/** Those that the script does. */
const workloads = ["one", "in-flight-64", "batch", "broadcast", "history"];
const script = fileURLToPath(new URL("pycent.py", import.meta.url));

/** The version of pycent in CENT_PYTHON, or in python3; it throws where there is none. */
function pycentVersion(python: string): string {
  const ask = "import cent, importlib.metadata as m; print(m.version('cent'))";
  try {
    return execFileSync(python, ["-c", ask], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    const reason = said.split("\n").at(-1) || (error instanceof Error ? error.message : String(error));
    throw new Error(`${reason}; pip install cent, or name a Python that has it in CENT_PYTHON`);
  }
}

/** @throws Error where there is no Python with pycent */
export function startPycent({ httpUrl, apiKey }: BenchAddresses): { contender: Contender; version: string } {
  const python = process.env.CENT_PYTHON || "python3";
  const version = pycentVersion(python);
  const child = spawn(python, [script, httpUrl, apiKey], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (workload: string, count: number): Promise<Cost> => {
    child.stdin.write(`${JSON.stringify({ workload, count })}\n`);
    const { done, value } = await lines.next();
    if (done) throw new Error(`pycent ended in ${workload}; what it said is above`);
    return JSON.parse(value) as Cost;
  };
  const elsewhere = new Map(workloads.map((workload) => [workload, (count: number) => ask(workload, count)]));
  const close = async () => {
    const exited = once(child, "exit");
    child.stdin.end();
    await exited;
  };
  return { contender: { elsewhere, close }, version };
}
