import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";
import { channelsOf } from "./channels-of.ts";
import { messageSize } from "./message-size.ts";

/** The request of a queued call. */
export interface QueuedRequest {
  readonly method: Method;
  readonly message: Message;
  /** The only channel of the call, or an array of none or several channels, each once. */
  readonly channels: string | readonly string[];
  /** An upper bound of the message's size in bytes. */
  readonly size: number;
  /** Whether the call cannot share a request with others. */
  readonly goesAlone: boolean;
}

/** @param maxBytes the limit of a shared request; a larger message goes alone */
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
  /** Whether the caller has stopped waiting. An unsent call is never sent then. */
  hasLeft = false;
  /** Whether its key has not arrived yet. The call keeps its place, but is not sent. */
  isPending = false;
  /** Calls share a request only if their keys are equal. */
  key = "";
  /** Whether a request was made for the call. */
  wasTaken = false;
  /** Index of the channel that blocked the call last. */
  blocker = 0;

  constructor({ method, message, channels, size, goesAlone }: QueuedRequest) {
    this.method = method;
    this.message = message;
    this.channels = channels;
    this.size = size;
    this.goesAlone = goesAlone;
  }

  /** Drops the message to free its memory. The call may stay in the queue for a while. */
  forget(): void {
    this.message = nothing;
  }

  abstract resolve(result: object): void;
  /** @param thrown an error of the call, or of sending its request */
  abstract reject(thrown: unknown): void;
}
