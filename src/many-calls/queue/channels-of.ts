import type { DescMessage, Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import { perDescriptor } from "../../schema/per-descriptor.ts";
import { ScalarType } from "../../schema/scalar-type.ts";

/** The channels in a request's `channel` and `channels`, each once. One channel, the usual case, needs no array. */
export function channelsOf(schema: DescMessage, request: Message): string | readonly string[] {
  return readerOf(schema)(request);
}

const readerOf = perDescriptor((schema: DescMessage): ((request: Message) => string | string[]) => {
  const { channel, channels } = schema.field;
  const hasOne = channel?.fieldKind === "scalar" && channel.scalar === ScalarType.STRING;
  const hasSeveral = channels?.fieldKind === "list" && channels.scalar === ScalarType.STRING;
  const one = (request: Message) => fieldsOf(request).channel as string;
  const several = (request: Message) => fieldsOf(request).channels as readonly string[];
  if (hasOne && !hasSeveral) return one;
  if (!hasSeveral) return () => [];
  return (request) => [...new Set(hasOne ? [one(request), ...several(request)] : several(request))];
});
