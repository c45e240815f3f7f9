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
): Promise<CommandOutcome> {
  const said = { out: "", complaint: "" };
  const code = await run(args, {
    environment,
    out: (text) => {
      said.out += text;
    },
    complain: (text) => {
      said.complaint += text;
    },
  });
  return { code, ...said };
}
