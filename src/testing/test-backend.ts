import type { Backend, ConnectOptions } from "./backend.ts";
import type { RecordedCall } from "./calls.ts";
import type { ConnectedClient } from "./clients/connected-client.ts";
import type { Fault, FaultOptions } from "./faults.ts";

/** What a test sees of the server: what it was sent, how it is to fail, and who is connected. */
export interface TestBackend {
  /** The calls that the server took, oldest first. A batch is one call. */
  readonly calls: readonly RecordedCall[];
  /** Begins a new list of calls. A server that takes calls by the million holds all of them otherwise. */
  clearCalls(): void;
  /** The keys of the configuration that are not modelled, as dotted paths. */
  readonly ignored: readonly string[];
  /**
   * Makes the next call of a method fail, or the next `times`. Several orders for one method are followed in turn.
   *
   * @param method the client's name of the method, as in `presenceStats`; "*" for any.
   * @throws TypeError for a method that the server does not have, and for a failure that could not happen.
   */
  fail(method: string, fault: Fault, options?: FaultOptions): void;
  /** Takes back every failure that was ordered. */
  recover(): void;
  /**
   * Connects a client, in memory: presence, channels, subscribe, unsubscribe, disconnect and refresh act on it, and it
   * receives what is published.
   *
   * @throws Error for a channel whose namespace is not configured.
   */
  connect(options?: ConnectOptions): ConnectedClient;
}

/** A backend as tests see it. */
export class ExposedBackend implements TestBackend {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get calls(): readonly RecordedCall[] {
    return this.#backend.calls;
  }

  clearCalls(): void {
    this.#backend.calls = [];
  }

  get ignored(): readonly string[] {
    return this.#backend.engine.options.ignored;
  }

  fail(method: string, fault: Fault, options?: FaultOptions): void {
    this.#backend.fail(method, fault, options);
  }

  recover(): void {
    this.#backend.faults.clear();
  }

  connect(options?: ConnectOptions): ConnectedClient {
    return this.#backend.connect(options);
  }
}
