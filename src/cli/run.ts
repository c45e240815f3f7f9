import { parseArguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { help } from "./help.ts";
import { methods } from "./methods.ts";
import { version } from "./version.ts";

/** The world around the program, as it sees it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes what was asked for. */
  readonly out: (text: string) => void;
  /** Takes what went wrong. */
  readonly complain: (text: string) => void;
}

/** The exit code for a command line that is wrong, and for a server or a file that cannot be read. */
const failed = 2;

/** Runs the program with the arguments of a command line, and gives the exit code. */
export async function run(
  args: readonly string[],
  { environment, out, complain }: Surroundings,
): Promise<number> {
  try {
    const { subcommand, options } = parseArguments(args);
    if (options.help) out(help);
    else if (options.version) out(`${version()}\n`);
    else if (subcommand === "methods") out(await methods(options, environment));
    else {
      const wrong = subcommand === undefined ? "expected a command" : "unknown command";
      throw new CliError(`${wrong}; there is one, methods`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    complain(`tscent: ${error.message}\n`);
    return failed;
  }
}
