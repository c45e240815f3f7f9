import { spawn } from "node:child_process";
import { UpgradeError } from "./upgrade-error.ts";

export interface CommandOptions {
  readonly cwd: string;
  /** Ends the command, and all that it started, when it is aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds; no limit where it is left out. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** What it wrote to stdout and stderr, in the order in which it came. */
  readonly said: string;
}

const graceMs = 2_000;
// Where a hook of git runs us, these would lead git to that repository instead of the one in `cwd`.
const gitVariables = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/**
 * Runs a command to its end. An exit code other than 0 is a result, for the caller to judge.
 *
 * @throws UpgradeError where there is no such command, or it takes too long; the signal's reason where it is aborted
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, signal, timeoutMs }: CommandOptions,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !gitVariables.includes(name)),
  );
  // A process group of its own: what it starts ends with it, and a Ctrl-C in the terminal reaches us alone.
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const stdout: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout.push(chunk);
    said.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const limit = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    endGroup(child.pid, "SIGTERM");
    kill = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
  };
  limit.addEventListener("abort", end, { once: true });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", (error: NodeJS.ErrnoException) => reject(notStarted(command, error)));
      child.on("close", (exitCode) => resolve(exitCode ?? 1));
    });
    signal.throwIfAborted();
    if (limit.aborted) throw new UpgradeError(`${command} ${args[0]} took more than ${timeoutMs} ms`);
    return { code, stdout: Buffer.concat(stdout), said: Buffer.concat(said).toString() };
  } finally {
    clearTimeout(kill);
    // What was left behind without our pipes does not outlive this, either.
    if (limit.aborted) endGroup(child.pid, "SIGKILL");
    limit.removeEventListener("abort", end);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It may have ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function notStarted(command: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") return error;
  const hint = command === "git" ? "" : "; after `npm ci`, `npm run upgrade` puts the project's tools there";
  return new UpgradeError(`${command} was not found on the PATH${hint}`);
}
