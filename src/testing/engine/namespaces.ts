import { badRequest, unknownChannel } from "../brokers/api-error.ts";
import type { ChannelOptions, ServerOptions } from "../config/server-options.ts";

/** A channel's options: for "chat:room" those of namespace "chat"; undefined if that is not configured. */
export function findChannelOptions(options: ServerOptions, channel: string): ChannelOptions | undefined {
  const { privatePrefix, namespaceBoundary } = options;
  const name = channel.startsWith(privatePrefix) ? channel.slice(privatePrefix.length) : channel;
  const end = namespaceBoundary === "" ? -1 : name.indexOf(namespaceBoundary);
  return end > 0 ? options.namespaces.get(name.slice(0, end)) : options.withoutNamespace;
}

/**
 * The channel options for a call.
 *
 * @throws ApiError 107 for an empty name, 102 for a namespace that is not configured.
 */
export function channelOptions(options: ServerOptions, channel: string): ChannelOptions {
  if (channel === "") throw badRequest();
  const found = findChannelOptions(options, channel);
  if (found === undefined) throw unknownChannel();
  return found;
}
