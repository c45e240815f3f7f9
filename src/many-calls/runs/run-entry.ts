import { QueuedCall } from "../queue/queued-call.ts";
import type { QueuedRequest } from "../queue/queued-request.ts";
import type { ManyItem } from "./many-item.ts";

/** One value of a run's input, from when it is taken until its item is given out. */
export interface Held<Result> {
  readonly size: number;
  item: ManyItem<Result> | undefined;
}

/** Makes the item of an entry, and counts it. */
export interface EntryOwner<Result> {
  itemOf(index: number, result: Result): ManyItem<Result>;
  errorItemOf(index: number, thrown: unknown): ManyItem<Result>;
}

/** A value of a run's input that can be sent. */
export class RunEntry<Result> extends QueuedCall implements Held<Result> {
  item: ManyItem<Result> | undefined;
  readonly #index: number;
  readonly #owner: EntryOwner<Result>;

  constructor(index: number, request: QueuedRequest, owner: EntryOwner<Result>) {
    super(request);
    this.#index = index;
    this.#owner = owner;
  }

  resolve(result: object): void {
    this.forget();
    this.item = this.#owner.itemOf(this.#index, result as Result);
  }

  reject(thrown: unknown): void {
    this.forget();
    this.item = this.#owner.errorItemOf(this.#index, thrown);
  }
}
