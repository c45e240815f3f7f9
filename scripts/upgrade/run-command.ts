import { x } from "tinyexec";
import { UpgradeError } from "./failures.ts";

export interface CommandOptions {
  readonly cwd: string;
  /** Ends the command, and all processes that it started. */
  readonly signal: AbortSignal;
  /** Text behind the word "failed" in an error. */
  readonly hint?: string;
  /** An exit code that is no failure, besides 0. */
  readonly accepted?: number;
}

const shownLines = 60;
// A hook of git sets these. They would lead git to the hook's repository instead of the one in `cwd`.
const gitVariables = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/**
 * Runs a command to its end.
 *
 * @returns the lines of stdout and stderr, as they came
 * @throws UpgradeError where it fails; the signal's reason where it is aborted
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, signal, hint = "", accepted = 0 }: CommandOptions,
): Promise<string[]> {
  signal.throwIfAborted();
  // In a process group of its own, so that a Ctrl-C reaches the upgrade alone, and the whole group can be ended.
  const child = x(command, args, {
    // The PATH of the child leaves out node_modules above a temporary folder.
    nodePath: false,
    nodeOptions: { cwd, env: gitVariables, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  });
  const end = () => endGroup(child.pid);
  signal.addEventListener("abort", end, { once: true });
  try {
    const said: string[] = [];
    for await (const line of child) said.push(line);
    signal.throwIfAborted();
    if (child.exitCode === 0 || child.exitCode === accepted) return said;
    const failed = `\`${[command, ...args].join(" ")}\` failed${hint}:`;
    throw new UpgradeError([failed, ...said.slice(-shownLines)].join("\n"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new UpgradeError(`${command} was not found on the PATH; run \`npm ci\` first`, { cause });
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // The processes may have ended by themselves.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
