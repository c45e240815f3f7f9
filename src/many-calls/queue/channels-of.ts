import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { fieldsOf } from "../../codec/message-fields.ts";

type ChannelsOf = (request: Message) => string | readonly string[];

const none: readonly string[] = [];
const compiled = new WeakMap<DescMessage, ChannelsOf>();

/**
 * The channels that a request is about, each once: what its fields `channel` and `channels` hold. One alone is not in an
 * array, for nearly all calls are about one.
 */
export function channelsOf(schema: DescMessage, request: Message): string | readonly string[] {
  let read = compiled.get(schema);
  if (read === undefined) {
    read = reader(schema);
    compiled.set(schema, read);
  }
  return read(request);
}

function reader({ field: { channel, channels } }: DescMessage): ChannelsOf {
  const hasOne = channel?.fieldKind === "scalar" && channel.scalar === ScalarType.STRING;
  const hasSeveral = channels?.fieldKind === "list" && channels.scalar === ScalarType.STRING;
  const one = (request: Message) => fieldsOf(request).channel as string;
  const several = (request: Message) => [...new Set(fieldsOf(request).channels as readonly string[])];
  if (hasOne && hasSeveral) return (request) => [...new Set([one(request), ...several(request)])];
  if (hasOne) return one;
  return hasSeveral ? several : () => none;
}
