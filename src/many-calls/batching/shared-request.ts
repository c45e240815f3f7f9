import type { ConnectError } from "@connectrpc/connect";

/** The end of a request that several calls share: when all have left. */
export class SharedRequest {
  readonly #controller = new AbortController();
  #callers: number;

  constructor(callers: number) {
    this.#callers = callers;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** One of the calls has left; the last one's reason ends the request. */
  leave(reason: ConnectError): void {
    this.#callers--;
    if (this.#callers === 0) this.#controller.abort(reason);
  }
}
