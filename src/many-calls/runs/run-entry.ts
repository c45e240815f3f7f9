import type { QueuedRequest } from "../queue/queued-call.ts";
import { QueuedCall } from "../queue/queued-call.ts";
import type { ManyItem } from "./many-item.ts";

/** One value of a run's input, from when it is taken until its item is given out. */
export interface Held<Result> {
  readonly size: number;
  item: ManyItem<Result> | undefined;
}

/** The run that is told what becomes of an entry. */
export interface EntryOwner<Result> {
  onResult(entry: RunEntry<Result>, result: Result): void;
  onError(entry: RunEntry<Result>, thrown: unknown): void;
}

/** A value of a run's input that can be sent. */
export class RunEntry<Result> extends QueuedCall implements Held<Result> {
  readonly index: number;
  item: ManyItem<Result> | undefined;
  readonly #owner: EntryOwner<Result>;

  constructor(index: number, request: QueuedRequest, owner: EntryOwner<Result>) {
    super(request);
    this.index = index;
    this.#owner = owner;
  }

  resolve(result: object): void {
    this.forget();
    this.#owner.onResult(this, result as Result);
  }

  reject(thrown: unknown): void {
    this.forget();
    this.#owner.onError(this, thrown);
  }
}
