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

/** A call that may share its request. Its timeout starts when it is made. Its signal ends only this call. */
export class BatchedCall extends QueuedCall {
  limits: CallLimits;
  readonly work: LimitedWork<object>;
  /** Ends the request that the call shared last. */
  shared: SharedEnd | undefined;
  /** The header with the call's key. */
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

/** Aborts a shared request when all its calls have left. */
export class SharedEnd {
  readonly controller = new AbortController();
  #calls: number;

  constructor(calls: number) {
    this.#calls = calls;
  }

  /** Counts a call that has left. The last one aborts the request with its reason. */
  leave(reason: ConnectError): void {
    this.#calls--;
    if (this.#calls === 0) this.controller.abort(reason);
  }
}
