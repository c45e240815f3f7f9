import { addAbortSignal, Readable } from "node:stream";
import type { Surroundings } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";

export interface CommandOutcome {
  code: number;
  out: string;
  complaint: string;
}

/** Runs a command line of `tscent` in this process, with no variables but these. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  {
    input = "",
    ...terminal
  }: Pick<Surroundings, "progress" | "onInterrupt"> & { input?: string | Uint8Array } = {},
): Promise<CommandOutcome> {
  const said = { out: "", complaint: "" };
  const code = await run(args, {
    environment,
    input: (signal) => {
      const stream = Readable.from([Buffer.from(input as Uint8Array)]);
      return signal ? addAbortSignal(signal, stream) : stream;
    },
    ...terminal,
    out: (text) => {
      said.out += text;
    },
    complain: (text) => {
      said.complaint += text;
    },
  });
  return { code, ...said };
}
