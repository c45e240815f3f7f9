import { messageOf } from "../transport/transport-failure.ts";
import { parseArguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import { help } from "./help.ts";
import { methods } from "./methods.ts";
import { oneLine } from "./one-line.ts";
import { version } from "./version.ts";

/** The world around the program, as it sees it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes the text that was asked for. It throws where it cannot. */
  readonly out: (text: string) => void | Promise<void>;
  /** Takes the line that says what went wrong. */
  readonly complain: (text: string) => void | Promise<void>;
}

/** The exit code for a wrong command line, for a server or a file that cannot be read, and for an output without room. */
const failed = 2;

/** Runs the program with the arguments of a command line, and gives the exit code. */
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

/** The text that a command line asks for. */
async function answer(args: readonly string[], environment: Surroundings["environment"]): Promise<string> {
  const { subcommand, options } = parseArguments(args);
  if (options.help) return help;
  if (options.version) return `${version()}\n`;
  if (subcommand === "methods") return methods(options, environment);
  const wrong = subcommand === undefined ? "expected a command" : "unknown command";
  throw new CliError(`${wrong}; there is one, methods`);
}
