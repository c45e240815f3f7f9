import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { QueuedCall } from "../../src/many-calls/queue/queued-call.ts";
import { nothing } from "../../src/many-calls/queue/queued-call.ts";
import { table } from "./scripted-server.ts";

/** A queued call that says when it is settled. */
export class TestCall implements QueuedCall {
  readonly method = table.batch;
  readonly id: number;
  message: Message = create(table.batch.rpc.input);
  readonly channels: string | readonly string[];
  readonly size: number;
  readonly goesAlone: boolean;
  hasLeft = false;
  wasTaken = false;
  blocker: string | undefined;
  readonly #settled = Promise.withResolvers<void>();

  constructor(id: number, channels: readonly string[], { size = 1, goesAlone = false } = {}) {
    const [only, ...others] = new Set(channels);
    this.id = id;
    this.channels = only === undefined ? [] : others.length === 0 ? only : [only, ...others];
    this.size = size;
    this.goesAlone = goesAlone;
  }

  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  forget(): void {
    this.message = nothing;
  }

  resolve(_result: object): void {
    this.#settled.resolve();
  }

  reject(thrown: unknown): void {
    this.#settled.reject(thrown);
  }
}
