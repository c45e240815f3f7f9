// pycent in a Python process. The process measures the time itself, so messages between the processes do not count.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Cost } from "../cost.ts";
import type { Participant } from "../participant.ts";
import type { BenchAddresses } from "../server.ts";

/** The workloads that the Python script implements. */
const workloads = ["one", "in-flight-64", "batch", "broadcast", "history"];
const script = fileURLToPath(new URL("pycent.py", import.meta.url));

const python = process.env.CENT_PYTHON || "python3";

/** The version of pycent in CENT_PYTHON or python3, or the reason why it is missing. */
export function pycentVersion(): { version: string } | { reason: string } {
  const ask = "import cent, importlib.metadata as m; print(m.version('cent'))";
  try {
    const said = execFileSync(python, ["-c", ask], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    return { version: said.trim() };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr ?? "").trim() : "";
    const reason = said.split("\n").at(-1) || "there is no such Python";
    return { reason: `${reason}; pip install cent, or name a Python that has it in CENT_PYTHON` };
  }
}

export async function startPycent({
  httpUrl,
  apiKey,
}: BenchAddresses): Promise<Participant | { reason: string }> {
  const found = pycentVersion();
  if ("reason" in found) return found;
  const child = spawn(python, [script, httpUrl, apiKey], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    workloads: new Set(workloads),
    async turn(workload, count) {
      child.stdin.write(`${JSON.stringify({ workload, count })}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`pycent ended in ${workload}; what it said is above`);
      return JSON.parse(value) as Cost;
    },
    async close() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
