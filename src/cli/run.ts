import { oneLine } from "../codec/one-line.ts";
import { CentError } from "../errors/cent-error.ts";
import { version } from "../options/version.ts";
import { messageOf } from "../transport/transport-failure.ts";
import type { OptionKinds } from "./arguments.ts";
import { commandIn, parseArguments } from "./arguments.ts";
import { CliError } from "./cli-error.ts";
import type { Surroundings } from "./command.ts";
import { exitCodeOf } from "./command.ts";
import { connectionOptions } from "./connection-options.ts";

/** The options of each command. */
const common: OptionKinds = { json: "flag", help: "flag" };

/** Runs the program with command-line arguments, and resolves to the exit code. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, complain } = surroundings;
  const written = async (text: string) => {
    try {
      await out(escaped(text));
    } catch (cause) {
      throw new CliError(`the output cannot be written (${messageOf(cause)})`, { cause });
    }
  };
  try {
    return await runCommand(args, { ...surroundings, out: written });
  } catch (error) {
    if (!(error instanceof CliError || error instanceof CentError)) throw error;
    await complain(`tscent: ${oneLine(error.message)}\n`);
    return exitCodeOf(error);
  }
}

/** Escapes control characters and marks of text direction that JSON.stringify leaves as they are. No terminal obeys the text. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const word = commandIn(args, { ...connectionOptions, ...common });
  if (word === undefined) return runAlone(args, surroundings);
  const { findCommand } = await import("./commands.ts");
  const command = await findCommand(word);
  const given = parseArguments(args, { ...command.options, ...common });
  if (given.has("help")) {
    await surroundings.out(`${(await command.help()).join("\n")}\n`);
    return 0;
  }
  if (given.words.length > 0 && !command.takesWords)
    throw new CliError("expected nothing but options after the command; see its --help");
  try {
    return await command.run(given, surroundings);
  } catch (error) {
    if (!(error instanceof CentError && given.has("json"))) throw error;
    await surroundings.complain(`${escaped(JSON.stringify(error))}\n`);
    return exitCodeOf(error);
  }
}

/** Runs a command line without a command. */
async function runAlone(args: readonly string[], { out }: Surroundings): Promise<number> {
  const given = parseArguments(args, { ...common, version: "flag" });
  if (given.has("version")) await out(`${version}\n`);
  else if (given.has("help")) await out(`${(await import("./help.ts")).help().join("\n")}\n`);
  else throw new CliError("expected a command; see tscent --help");
  return 0;
}
