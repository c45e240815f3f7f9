import type { ConnectError } from "@connectrpc/connect";
import type { LimitedWork } from "../../limits/run-within.ts";
import type { AuthorizationHeader } from "../../options/authorization.ts";
import type { CallLimits } from "../../options/call-options.ts";
import type { QueuedRequest } from "../queue/queued-call.ts";
import { QueuedCall } from "../queue/queued-call.ts";

const noLimits: CallLimits = {
  signal: undefined,
  timeoutMs: 0,
  header: undefined,
  retry: undefined,
  isAlone: false,
};

/** A call that may share its request with others. Its time runs from when it was made, and its signal ends it alone. */
export class BatchedCall extends QueuedCall {
  limits: CallLimits;
  readonly work: LimitedWork<object>;
  /** The end of the request that it shared last. */
  shared: SharedEnd | undefined;
  /** The header with its key. */
  granted: AuthorizationHeader = {};

  constructor(request: QueuedRequest, limits: CallLimits, work: LimitedWork<object>) {
    super(request);
    this.limits = limits;
    this.work = work;
  }

  override forget(): void {
    super.forget();
    this.limits = noLimits;
  }

  grant(header: AuthorizationHeader): void {
    this.granted = header;
    this.key = header.authorization ?? "";
  }

  resolve(result: object): void {
    this.work.resolve(result);
  }

  reject(thrown: unknown): void {
    this.work.reject(thrown);
  }
}

/** Ends a request that several calls share when all of them have left. */
export class SharedEnd {
  readonly controller = new AbortController();
  #calls: number;

  constructor(calls: number) {
    this.#calls = calls;
  }

  /** One of the calls has left; the last one's reason ends the request. */
  leave(reason: ConnectError): void {
    this.#calls--;
    if (this.#calls === 0) this.controller.abort(reason);
  }
}
