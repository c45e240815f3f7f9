// The public contract of tscent/channels: the data of channels, by schemas. It imports nothing, neither code nor types, so that
// a frontend can share the definitions, or their types alone.

export type { ChannelData, ChannelName, ChannelOutput, MethodData } from "./data-types.ts";
export type {
  DefinedChannels,
  DefinedMethods,
  Definition,
  DefinitionOptions,
  Definitions,
  FoundDefinition,
  UnknownNames,
  Validated,
} from "./define-channels.ts";
export { defineChannels, defineMethods } from "./define-channels.ts";
export type { SchemaIssue, SchemaOutcome, StandardSchema } from "./standard-schema.ts";
