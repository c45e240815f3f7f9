import { oneLine } from "../codec/one-line.ts";
import { version } from "../options/version.ts";
import { messageOf } from "../transport/transport-failure.ts";
import { parseArguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { help } from "./help.ts";

/** The environment and the outputs of the program. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes to the standard output. Throws if it cannot. */
  readonly out: (text: string) => void | Promise<void>;
  /** Writes to the error output. */
  readonly complain: (text: string) => void | Promise<void>;
}

/** The exit code for a wrong command line, a server or file that cannot be read, and an output that cannot be written. */
const failed = 2;

/** Runs the program with command-line arguments, and resolves to the exit code. */
export async function run(
  args: readonly string[],
  { environment, out, complain }: Surroundings,
): Promise<number> {
  try {
    const text = await answer(args, environment);
    try {
      await out(text);
    } catch (cause) {
      throw new CliError(`the output cannot be written (${messageOf(cause)})`, { cause });
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    await complain(`tscent: ${oneLine(error.message)}\n`);
    return failed;
  }
}

async function answer(args: readonly string[], environment: Surroundings["environment"]): Promise<string> {
  const { subcommand, options } = parseArguments(args);
  if (options.help) return help;
  if (options.version) return `${version}\n`;
  if (subcommand === "methods") {
    const { methods } = await import("./methods.ts");
    return methods(options, environment);
  }
  const wrong = subcommand === undefined ? "expected a command" : "unknown command";
  throw new CliError(`${wrong}; the only command is methods`);
}
