import { parseArgs } from "node:util";
import { CliError } from "./cli-error.ts";

const known = {
  url: { type: "string" },
  "api-key": { type: "string" },
  descriptor: { type: "string" },
  offline: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export interface Options {
  readonly url?: string;
  readonly "api-key"?: string;
  readonly descriptor?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly help?: boolean;
  readonly version?: boolean;
}

/**
 * Reads a command line. The errors of parseArgs would show what was typed, and that may be a key in the wrong place, so
 * the checks are made here.
 *
 * @throws CliError for an unknown option, a missing or needless value, and a word too many
 */
export function parseArguments(args: readonly string[]): {
  subcommand: string | undefined;
  options: Options;
} {
  const { tokens, values } = parseArgs({
    args: [...args],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(known, name)) throw new CliError(`unknown option ${rawName}; see tscent --help`);
    const takesValue = known[name as keyof typeof known].type === "string";
    if (!takesValue && value !== undefined) throw new CliError(`${rawName}: expected no value`);
    if (takesValue && (value === undefined || (inlineValue === false && value.startsWith("-"))))
      throw new CliError(`${rawName}: expected a value, as in ${rawName}=…`);
  }
  const [subcommand, ...more] = words;
  if (more.length > 0)
    throw new CliError("expected nothing but options after the command; see tscent --help");
  return { subcommand, options: values as Options };
}
