import { create } from "@bufbuild/protobuf";
import { QueuedCall } from "../../src/many-calls/queue/queued-call.ts";
import { table } from "./scripted-server.ts";

/** A queued call that says when it is settled. */
export class TestCall extends QueuedCall {
  readonly id: number;
  readonly #settled = Promise.withResolvers<void>();

  constructor(id: number, names: readonly string[], { size = 1, goesAlone = false } = {}) {
    const [only, ...others] = new Set(names);
    const channels = only === undefined ? [] : others.length === 0 ? only : [only, ...others];
    const method = table.batch;
    super({ method, message: create(method.rpc.input), channels, size, goesAlone });
    this.id = id;
  }

  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  resolve(_result: object): void {
    this.#settled.resolve();
  }

  reject(thrown: unknown): void {
    this.#settled.reject(thrown);
  }
}
