import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";

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

/** A call that waits for its request, or is in one. */
export interface QueuedCall extends QueuedRequest {
  /** Nobody waits for the call any more. It is not sent, unless it was already. */
  hasLeft: boolean;
  /** Whether a request was made for the call. */
  wasTaken: boolean;
  /** Of several channels, one that kept the call waiting when they were looked at last. */
  blocker: string | undefined;
  /** Drops the message of a call that is not sent. Its place in the queue may be taken for a while. */
  forget(): void;
  resolve(result: object): void;
  /** Takes an error of the call, or what was thrown on the way to the server. */
  reject(thrown: unknown): void;
}

/** Stands in the place of a message that is dropped. */
export const nothing: Message = { $typeName: "" };
