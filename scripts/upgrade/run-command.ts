import { x } from "tinyexec";
import { UpgradeError } from "./upgrade-error.ts";

export interface CommandOptions {
  readonly cwd: string;
  /** Ends the command, and all processes that it started, when it is aborted. */
  readonly signal: AbortSignal;
}

export interface CommandResult {
  readonly code: number;
  /** The lines of stdout and stderr, as they came. */
  readonly said: string;
}

const graceMs = 2_000;
// A hook of git sets these. They would lead git to the hook's repository instead of the one in `cwd`.
const gitVariables = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/**
 * Runs a command to its end. An exit code other than 0 is a result, for the caller to judge.
 *
 * @throws UpgradeError where there is no such command; the signal's reason where it is aborted
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, signal }: CommandOptions,
): Promise<CommandResult> {
  signal.throwIfAborted();
  // With a process group of its own, the processes that it starts end with it, and a Ctrl-C reaches the upgrade alone.
  const env = gitVariables as unknown as NodeJS.ProcessEnv;
  const child = x(command, args, {
    nodeOptions: { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
  });
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    endGroup(child.pid, "SIGTERM");
    kill = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    const said: string[] = [];
    for await (const line of child) said.push(line);
    signal.throwIfAborted();
    return { code: child.exitCode ?? 1, said: said.join("\n") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UpgradeError(`${command} was not found on the PATH; run \`npm ci\` first`, { cause: error });
  } finally {
    clearTimeout(kill);
    // A process that has closed its output may still be there.
    if (signal.aborted) endGroup(child.pid, "SIGKILL");
    signal.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The processes may have ended by themselves.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
