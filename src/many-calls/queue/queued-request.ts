import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";
import { channelsOf } from "./channels-of.ts";
import { messageSize } from "./message-size.ts";

/** What a queued call sends. */
export interface QueuedRequest {
  readonly method: Method;
  readonly message: Message;
  /** The one channel that the call is about, or any other number of channels, each once. */
  readonly channels: string | readonly string[];
  /** The size of the message in bytes, at most. */
  readonly size: number;
  /** Whether the call cannot share a request with others. */
  readonly goesAlone: boolean;
}

/** @param maxBytes how much one request may hold; a larger message goes alone */
export function queuedRequest(
  method: Method,
  message: Message,
  maxBytes: number,
  goesAlone = false,
): QueuedRequest {
  const size = messageSize(message);
  const channels = channelsOf(method.rpc.input, message);
  return { method, message, channels, size, goesAlone: goesAlone || size > maxBytes };
}
