import { compilePatterns, patternProblem } from "./patterns.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** The facts about the channels or methods that a pattern takes. */
export interface Definition {
  /** The schema of the data. It must answer at once, without a promise. */
  readonly data: StandardSchema;
}

/** Definitions by names and patterns, as `tscent/proxy` has them: `chat:*` takes all names of the namespace `chat`. */
export interface Definitions {
  readonly [pattern: string]: Definition;
}

/** Whether a name that no definition takes is an error, or has data of any type. */
export type UnknownNames = "refuse" | "allow";

/** The data that a client checks: all that it sends, or also all that it reads. */
export type Validated = "sent" | "both";

/** Options of {@link defineChannels}. */
export interface DefinitionOptions<Unknown extends UnknownNames, Validate extends Validated> {
  /** A channel that no definition takes, or whose type is `string`, is an error or has data of any type. Default `"refuse"`. */
  readonly unknown?: Unknown | undefined;
  /**
   * With `"both"`, `history` checks the publications that it reads, and gives the schema's output: transforms and defaults
   * apply. Default `"sent"`: data comes as it was sent.
   */
  readonly validate?: Validate | undefined;
}

/** The definition that takes a name. */
export interface FoundDefinition extends Definition {
  /** The pattern that takes the name. */
  readonly pattern: string;
}

/** Defined channels, for the options of `createClient` and `createProxy`. */
export interface DefinedChannels<
  Defined extends object = object,
  Unknown extends UnknownNames = UnknownNames,
  Validate extends Validated = Validated,
> {
  /** The definitions as they were given. */
  readonly definitions: Defined;
  /** The option `unknown`, or its default. */
  readonly unknown: Unknown;
  /** The option `validate`, or its default. */
  readonly validate: Validate;
  /** The definition of the longest pattern that takes a name; undefined if none does. */
  readonly find: (name: string) => FoundDefinition | undefined;
}

/** Defined methods of RPC, for the options of `createProxy`. */
export interface DefinedMethods<Defined extends object = object, Unknown extends UnknownNames = UnknownNames>
  extends Pick<DefinedChannels<Defined, Unknown>, "definitions" | "unknown" | "find"> {}

/**
 * Defines the data of channels: `defineChannels({ "chat:*": { data: schema } })`. A schema is any Standard Schema, such as
 * zod's, valibot's or arktype's.
 *
 * @throws TypeError naming the pattern or option that is wrong
 */
export function defineChannels<
  const Defined extends Definitions,
  const Unknown extends UnknownNames = "refuse",
  const Validate extends Validated = "sent",
>(
  definitions: Defined,
  options: DefinitionOptions<Unknown, Validate> = {},
): DefinedChannels<Defined, Unknown, Validate> {
  expectOptions("defineChannels", options, { unknown: ["refuse", "allow"], validate: ["sent", "both"] });
  const { unknown = "refuse" as Unknown, validate = "sent" as Validate } = options;
  // A private channel is in the namespace that follows the $.
  const problemOf = (pattern: string) => patternProblem(pattern.replace(/^\$(?=.)/, ""));
  return { definitions, unknown, validate, find: finder("defineChannels", definitions, problemOf) };
}

/**
 * Defines the data of RPC methods that a proxy answers: `defineMethods({ "chat.rename": { data: schema } })`. Patterns are as in
 * {@link defineChannels}.
 *
 * @throws TypeError naming the pattern or option that is wrong
 */
export function defineMethods<
  const Defined extends Definitions,
  const Unknown extends UnknownNames = "refuse",
>(
  definitions: Defined,
  options: Pick<DefinitionOptions<Unknown, Validated>, "unknown"> = {},
): DefinedMethods<Defined, Unknown> {
  expectOptions("defineMethods", options, { unknown: ["refuse", "allow"] });
  const { unknown = "refuse" as Unknown } = options;
  return { definitions, unknown, find: finder("defineMethods", definitions, patternProblem) };
}

function finder(
  place: string,
  definitions: Definitions,
  problemOf: (pattern: string) => string | undefined,
): DefinedChannels["find"] {
  expectObject(place, "definitions", definitions);
  const found = Object.entries(definitions).map(([pattern, given]) => {
    const { data } = Object(given) as Partial<Definition>;
    const standard: unknown = (data as Partial<StandardSchema> | undefined)?.["~standard"];
    const { version, validate } = Object(standard) as Partial<StandardSchema["~standard"]>;
    if (version !== 1 || typeof validate !== "function")
      throw new TypeError(
        `${place}["${pattern}"].data: expected a Standard Schema, such as one of zod, valibot or arktype`,
      );
    return [pattern, { ...given, pattern }] as const;
  });
  return compilePatterns(place, Object.fromEntries(found), problemOf).find;
}

function expectOptions(place: string, options: object, known: Readonly<Record<string, string[]>>): void {
  expectObject(place, "options", options);
  for (const [name, value] of Object.entries(options)) {
    const words = Object.hasOwn(known, name) ? known[name] : undefined;
    if (words === undefined)
      throw new TypeError(
        `${place}: ${name}: unknown option; expected one of ${Object.keys(known).join(", ")}`,
      );
    if (value !== undefined && !words.includes(value as string))
      throw new TypeError(`${place}: ${name}: expected "${words.join('" or "')}"`);
  }
}

function expectObject(place: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${place}: ${name}: expected an object`);
}
