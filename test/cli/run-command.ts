import { Readable } from "node:stream";
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
  { input = "", progress }: { input?: string; progress?: (line: string) => void } = {},
): Promise<CommandOutcome> {
  const said = { out: "", complaint: "" };
  const code = await run(args, {
    environment,
    input: () => Readable.from([Buffer.from(input)]),
    progress,
    out: (text) => {
      said.out += text;
    },
    complain: (text) => {
      said.complaint += text;
    },
  });
  return { code, ...said };
}
