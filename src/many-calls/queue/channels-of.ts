import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";
import { perDescriptor } from "../../schema/per-descriptor.ts";

/**
 * The channels that a request is about, each once: what its fields `channel` and `channels` hold. One alone is not in an
 * array, for nearly all calls are about one.
 */
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
