import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ShellOutcome {
  /** Null if the command did not end within 25 seconds. */
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

/**
 * Runs a command within a line of a shell, as in `"$@" > /dev/full`.
 *
 * @param settings its folder, and its environment besides PATH
 */
export async function runInShell(
  line: string,
  command: readonly string[],
  settings: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<ShellOutcome> {
  const child = spawn("sh", ["-c", `exec ${line}`, "sh", ...command], {
    cwd: settings.cwd,
    env: { PATH: process.env.PATH, ...settings.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 25_000,
    killSignal: "SIGKILL",
  });
  const said = { out: "", complaint: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.complaint += text;
  });
  const [code] = await once(child, "close");
  return { code: code as number | null, ...said };
}
