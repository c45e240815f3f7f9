import { parseArgs } from "node:util";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import { didYouMean } from "../codec/did-you-mean.ts";
import { CliError } from "./cli-error.ts";

/** How an option is written: with a value, several times with a value each, or without a value. */
export type OptionKind = "value" | "values" | "flag";
/** The options of a command by their names: `{ "api-key": "value" }`. */
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/** A command line that has been read. */
export interface Arguments {
  /** The words that are not options, without the command. */
  readonly words: readonly string[];
  /** The value of an option; undefined if it was not given. */
  value(name: string): string | undefined;
  /** All values of an option, in their order. */
  values(name: string): readonly string[];
  has(name: string): boolean;
}

/** Finds the first word that is neither an option nor its value: the command. */
export function commandIn(args: readonly string[], kinds: OptionKinds): string | undefined {
  return tokensOf(args, kinds).find((token) => token.kind === "positional")?.value;
}

/**
 * Reads a command line. The errors of parseArgs would show what was typed, and that may be a key in the wrong place, so
 * the checks are made here.
 *
 * @throws CliError for an unknown option, a missing or needless value, and an option that is given twice
 */
export function parseArguments(args: readonly string[], kinds: OptionKinds): Arguments {
  const words: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokensOf(args, kinds)) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { rawName, value, inlineValue } = token;
    const name = spinalCase(token.name);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) throw unknownOption(rawName, kinds);
    if (kind === "flag" && value !== undefined) throw new CliError(`${rawName}: expected no value`);
    // A negative number and `-`, the standard input, are values.
    if (kind !== "flag" && (value === undefined || (inlineValue === false && /^-[^\d]/.test(value))))
      throw new CliError(`${rawName}: expected a value, as in ${rawName}=…`);
    if (kind !== "values" && given.has(name)) throw new CliError(`${rawName}: expected it once`);
    given.set(name, [...(given.get(name) ?? []), value ?? ""]);
  }
  const values = (name: string) => given.get(name) ?? [];
  return { words: words.slice(1), values, value: (name) => values(name)[0], has: (name) => given.has(name) };
}

/** `skipHistory` and `skip_history` as `skip-history`. */
export function spinalCase(name: string): string {
  return name.replaceAll("_", "-").replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

function tokensOf(args: readonly string[], kinds: OptionKinds) {
  const options = Object.entries(kinds).flatMap(([name, kind]) => {
    const type = kind === "flag" ? ("boolean" as const) : ("string" as const);
    const snake = name.replaceAll("-", "_");
    return [name, snake, protoCamelCase(snake)].map((spelling) => [spelling, { type }] as const);
  });
  const help = { help: { type: "boolean", short: "h" } } as const;
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(options), ...help },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens;
}

function unknownOption(rawName: string, kinds: OptionKinds): CliError {
  const isShort = !rawName.startsWith("--");
  const near = isShort ? undefined : didYouMean(rawName, Object.keys(kinds))?.replace("mean ", "mean --");
  return new CliError(`unknown option ${rawName}; ${near ?? "see tscent --help"}`);
}
