import type { ChildProcess, SpawnOptions } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/** A running program with its own folder. Disposal ends the program by its process id, and removes the folder. */
export interface Program extends AsyncDisposable {
  readonly signal: (name: NodeJS.Signals) => void;
}

/** The path of a program on the PATH, or where systems keep servers; undefined if it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** How a program runs: as which user, and with which environment. */
export type ProgramSettings = Pick<SpawnOptions, "uid" | "gid" | "env">;

/**
 * Starts a program, by its path or as an installed one, and waits until it listens at the ports. `argumentsIn` may write
 * into the folder.
 */
export async function startProgram(
  name: string,
  ports: readonly number[],
  argumentsIn: (folder: string) => readonly string[],
  settings: ProgramSettings = {},
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), `tscent-${basename(name)}-`));
  // The workers of a server that root starts belong to another user.
  chmodSync(folder, 0o755);
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const running = spawn(findProgram(name) ?? name, argumentsIn(folder), { cwd: folder, stdio, ...settings });
  let said = "";
  for (const stream of [running.stdout, running.stderr]) {
    stream.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
  }
  const program = {
    signal: (signal: NodeJS.Signals) => void running.kill(signal),
    async [Symbol.asyncDispose]() {
      await end(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const failed = once(running, "exit").then(([code]) => {
    throw new Error(`${name} ended with ${code}:\n${said}`);
  });
  failed.catch(() => {
    // The end of the program is an error only during its start.
  });
  try {
    await Promise.race([failed, Promise.all(ports.map((port) => untilListening(name, port)))]);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return program;
}

async function untilListening(name: string, port: number): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const listens = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (listens) return;
    if (Date.now() > deadline) throw new Error(`${name} did not listen at ${port} in ${startTimeoutMs} ms`);
    await delay(25);
  }
}

async function end(running: ChildProcess): Promise<void> {
  if (running.exitCode !== null || running.signalCode !== null) return;
  const exited = once(running, "exit");
  const kill = setTimeout(() => running.kill("SIGKILL"), stopTimeoutMs);
  running.kill("SIGTERM");
  await exited;
  clearTimeout(kill);
}
