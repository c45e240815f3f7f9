import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";
import { channelsOf } from "./channels-of.ts";
import { messageSize } from "./message-size.ts";

/** The request of a queued call. */
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

const nothing: Message = { $typeName: "" };

/** A call that waits for its request, or is in one. */
export abstract class QueuedCall implements QueuedRequest {
  readonly method: Method;
  message: Message;
  readonly channels: string | readonly string[];
  readonly size: number;
  readonly goesAlone: boolean;
  /** Nobody waits for the call any more. It is not sent, unless it was already. */
  hasLeft = false;
  /** Whether its key is still to come. The call has its place, and is not sent before. */
  isPending = false;
  /** The key that it travels under; calls share a request only under the same one. */
  key = "";
  /** Whether a request was made for the call. */
  wasTaken = false;
  /** The place of the channel that kept the call waiting when its channels were looked at last. */
  blocker = 0;

  constructor({ method, message, channels, size, goesAlone }: QueuedRequest) {
    this.method = method;
    this.message = message;
    this.channels = channels;
    this.size = size;
    this.goesAlone = goesAlone;
  }

  /** Drops the message, which is not needed any more. The call may keep its place for a while. */
  forget(): void {
    this.message = nothing;
  }

  abstract resolve(result: object): void;
  /** Takes an error of the call, or what was thrown on the way to the server. */
  abstract reject(thrown: unknown): void;
}
