import type { Backend, ConnectOptions } from "./backend.ts";
import type { RecordedCall } from "./calls.ts";
import type { ConnectedClient } from "./clients/connected-client.ts";
import type { ProxiedClient } from "./clients/proxied-client.ts";
import type { Consumed, ConsumerMessage } from "./consume.ts";
import { consume } from "./consume.ts";
import type { Fault, FaultOptions } from "./faults.ts";
import type { ProxiedConnectOptions } from "./proxy/connecting.ts";
import { connectTo } from "./proxy/connecting.ts";

/** A test's view of the server: recorded calls, ordered failures and connected clients. */
export interface TestBackend {
  /** The calls that the server has recorded, oldest first. A batch is one call. */
  readonly calls: readonly RecordedCall[];
  /** Begins a new list of `calls`. The list otherwise keeps every call in memory. */
  clearCalls(): void;
  /** The configuration's keys that have no effect here, as dotted paths. */
  readonly ignored: readonly string[];
  /**
   * Makes the next `times` calls of a method fail (default 1). Several orders for one method apply in turn.
   *
   * @param method the client's name of the method, as in `presenceStats`; "*" for any.
   * @throws TypeError for a method that the server does not have, or a failure that cannot happen.
   */
  fail(method: string, fault: Fault, options?: FaultOptions): void;
  /** Cancels all ordered failures. */
  recover(): void;
  /**
   * Connects a client in memory. It receives publications. Presence, channels, subscribe, unsubscribe, disconnect and refresh
   * act on it.
   *
   * @throws Error for a channel whose namespace is not configured.
   */
  connect(options?: ConnectOptions): ConnectedClient;
  /**
   * Executes a command as Centrifugo's consumers do, and resolves with what becomes of it. A test gives it the rows of an
   * outbox table in the order of their ids, or the method and body of messages.
   *
   * @throws TypeError if the test has ordered a failure without a `code`, which consumers do not have.
   */
  consume(command: ConsumerMessage): Promise<Consumed>;
}

/** The method of a server with a proxy that replaces `connect`. */
export interface ProxiedConnect {
  /**
   * Connects a client in memory, by a token or by asking the handler of `connect`.
   *
   * @throws RefusedError with the code and message that the client sees; `kind` is "error" or "disconnect"
   */
  connect(options?: ProxiedConnectOptions): Promise<ProxiedClient>;
}

/** A test's view of a server that asks a proxy. */
export interface ProxiedBackend extends Omit<TestBackend, "connect">, ProxiedConnect {}

/** Shows a backend to tests. */
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
    const { gate } = this.#backend;
    // The types of the functions that make servers say which of the two `connect` is.
    if (gate !== undefined) return connectTo(gate, options) as unknown as ConnectedClient;
    return this.#backend.connect(options);
  }

  consume(command: ConsumerMessage): Promise<Consumed> {
    return consume(this.#backend, command);
  }
}
