import type { DefinedChannels, DefinedMethods, Definition } from "./define-channels.ts";
import type { TypesOf } from "./standard-schema.ts";

/** The names that a pattern takes, as a type: `chat:${string}` for `chat:*`. */
export type NamesOf<Pattern> = Pattern extends `${infer Prefix}*` ? `${Prefix}${string}` : Pattern;

/** `Pattern` if it takes `Name`; otherwise never. A pattern without a namespace takes names without one. */
type IfTakes<Pattern, Name> = Pattern extends unknown
  ? Name extends NamesOf<Pattern>
    ? Name extends `${string}:${string}`
      ? Extract<Pattern, `${string}:${string}`>
      : Pattern
    : never
  : never;

/** The longest of patterns that all take one name: no other one is within it. */
type Longest<Pattern, All = Pattern> = Pattern extends unknown
  ? [Extract<NamesOf<Exclude<All, Pattern>>, NamesOf<Pattern>>] extends [never]
    ? Pattern
    : never
  : never;

type IfWithin<Pattern, Name> = Pattern extends unknown
  ? NamesOf<Pattern> extends Name
    ? Pattern
    : never
  : never;

/** The patterns of the names that `Name` can be. A type such as `chat:${string}` may be of several patterns. */
type PatternOf<Defined, Name extends string> = string extends Name
  ? never
  : Longest<IfTakes<keyof Defined, Name>> extends infer Found
    ? [Found] extends [never]
      ? never
      : // A literal is one name, so the compiler need not look through all patterns again.
        Record<never, never> extends Record<Name, 1>
        ? Found | IfWithin<keyof Defined, Name>
        : Found
    : never;

type AnyDefined = Pick<DefinedChannels, "definitions" | "unknown">;

/** The type of data without a definition. */
type UnknownData<Given extends AnyDefined> = Given["unknown"] extends "allow" ? unknown : never;

/** The type on one side of the schemas of some patterns. */
type TypeOn<Defined, Pattern, Side extends "input" | "output"> = Pattern extends keyof Defined
  ? Defined[Pattern] extends Definition
    ? TypesOf<Defined[Pattern]["data"]>[Side]
    : never
  : never;

type TypeOf<
  Given extends AnyDefined,
  Name extends string,
  Side extends "input" | "output",
> = Name extends unknown
  ? PatternOf<Given["definitions"], Name> extends infer Pattern
    ? [Pattern] extends [never]
      ? UnknownData<Given>
      : TypeOn<Given["definitions"], Pattern, Side>
    : never
  : never;

/** The names of channels or methods that have a definition. With `unknown: "allow"`, any. */
export type ChannelName<Given extends AnyDefined> = Given["unknown"] extends "allow"
  ? string
  : NamesOf<keyof Given["definitions"]> & string;

/**
 * The data of a channel as it travels: `ChannelData<typeof channels, "chat:1">`. It is the type that the schema takes, since
 * the client sends data as it was given. A frontend that does not run the schema gets this type.
 */
export type ChannelData<Given extends AnyDefined, Name extends string> = TypeOf<Given, Name, "input">;

/** The type that the schema of a channel gives, with its transforms and defaults. */
export type ChannelOutput<Given extends AnyDefined, Name extends string> = TypeOf<Given, Name, "output">;

/** Takes the data of each channel that `Name` can be. A union of such functions takes the intersection of their data. */
type Taker<Given extends AnyDefined, Name extends string> = Name extends unknown
  ? PatternOf<Given["definitions"], Name> extends infer Pattern
    ? [Pattern] extends [never]
      ? (data: UnknownData<Given>) => void
      : TakerOn<Given["definitions"], Pattern>
    : never
  : never;

type TakerOn<Defined, Pattern> = Pattern extends unknown
  ? (data: TypeOn<Defined, Pattern, "input">) => void
  : never;

/** The data that may be sent to all channels of a type. */
export type SentData<Given extends AnyDefined, Name extends string> =
  Taker<Given, Name> extends (data: infer Data) => void ? Data : never;

/** The data that a client reads from a channel: with `validate: "both"` the output of the schema. */
export type ReadData<Given extends DefinedChannels, Name extends string> = Given["validate"] extends "both"
  ? ChannelOutput<Given, Name>
  : ChannelData<Given, Name>;

/** The data of an RPC method, as a client of Centrifugo sends it. */
export type MethodData<Given extends DefinedMethods, Name extends string> = ChannelData<Given, Name>;

/** A channel of any definition, with its data. Where patterns overlap, it has the data of any of them. */
export type DefinedPublication<Given extends DefinedChannels> =
  | {
      [Pattern in keyof Given["definitions"]]: {
        channel: NamesOf<Pattern>;
        data: TypeOn<Given["definitions"], Pattern, "input">;
      };
    }[keyof Given["definitions"]]
  | (Given["unknown"] extends "allow" ? { channel: string; data: unknown } : never);
