import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { CallLimits } from "../../call/send.ts";
import { LimitedWork } from "../../limits/run-within.ts";
import type { Method } from "../../schema/method-table.ts";
import type { QueuedCall, QueuedRequest } from "../queue/queued-call.ts";
import { nothing } from "../queue/queued-call.ts";

/** Who is told that a call has ended before there was a result. */
export interface CallQueue {
  leave(call: BatchedCall): void;
}

/** A call that may share its request with others. Its time runs from when it was made, and its signal ends it alone. */
export class BatchedCall extends LimitedWork<object> implements QueuedCall {
  readonly method: Method;
  message: Message;
  readonly channels: string | readonly string[];
  readonly size: number;
  readonly goesAlone: boolean;
  hasLeft = false;
  wasTaken = false;
  blocker: string | undefined;
  readonly limits: CallLimits;
  /** The end of the request that it shared last. */
  end: SharedEnd | undefined;
  readonly #queue: CallQueue;

  constructor(
    { method, message, channels, size, goesAlone }: QueuedRequest,
    limits: CallLimits,
    queue: CallQueue,
    resolve: (result: object) => void,
    reject: (reason: unknown) => void,
  ) {
    super(limits.timeoutMs, limits.signal, resolve, reject);
    this.method = method;
    this.message = message;
    this.channels = channels;
    this.size = size;
    this.goesAlone = goesAlone;
    this.limits = limits;
    this.#queue = queue;
  }

  forget(): void {
    this.message = nothing;
  }

  protected override onEnd(reason: ConnectError): void {
    this.#queue.leave(this);
    this.end?.leave(reason);
  }
}

/** Ends a request that several calls share when all of them have left. */
export class SharedEnd {
  readonly #controller = new AbortController();
  #calls: number;

  constructor(calls: number) {
    this.#calls = calls;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** One of the calls has left; the last one's reason ends the request. */
  leave(reason: ConnectError): void {
    this.#calls--;
    if (this.#calls === 0) this.#controller.abort(reason);
  }
}
