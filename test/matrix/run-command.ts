import { spawn } from "node:child_process";
import { once } from "node:events";

/** A command may take this long. An installation of a framework takes a minute on a slow machine. */
const timeoutMs = 300_000;

/**
 * Runs a command, and gives its output.
 *
 * @throws Error with the command and its output, if its exit code is not 0
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  settings: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd: settings.cwd,
    env: { ...process.env, CI: "1", NO_COLOR: "1", ...settings.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const [code, signal] = await once(child, "close");
  if (code === 0) return output;
  const end =
    signal === null ? `exit code ${code}` : `ended by ${signal}, perhaps after ${timeoutMs / 1_000} s`;
  throw new Error(`${command.join(" ")}\n  in ${settings.cwd}: ${end}\n${output}`);
}
