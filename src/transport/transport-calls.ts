import type { ConnectError, Transport } from "@connectrpc/connect";
import type { EndableWork, LimitedWork } from "../limits/run-within.ts";
import { asUnprocessed, startWithin } from "../limits/run-within.ts";
import { networkFailure } from "./transport-failure.ts";

/** A transport whose `close` rejects the calls in flight, and ends the transport's own connections. */
export interface ClosableTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

/** The error of a call on a closed client. */
export function closedFailure(): ConnectError {
  return networkFailure("the client was closed");
}

/** Ends the work of a client that is closed. */
export function endAll(works: ReadonlySet<EndableWork>): void {
  for (const work of [...works]) work.end(closedFailure());
}

/** The calls in flight on a transport. After `end`, new calls are rejected. */
export class TransportCalls {
  readonly #calls = new Set<EndableWork>();
  #hasEnded = false;

  /** Starts a call within its limits. */
  start<T>(
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
    start: (call: LimitedWork<T>) => void,
  ): Promise<T> {
    if (this.#hasEnded) return Promise.reject(asUnprocessed(closedFailure()));
    return startWithin(timeoutMs, signal, start, this.#calls);
  }

  end(): void {
    this.#hasEnded = true;
    endAll(this.#calls);
  }
}
