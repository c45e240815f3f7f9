import type { ManyItem } from "../../call/items.ts";
import type { QueuedRequest } from "../queue/queued-call.ts";
import { QueuedCall } from "../queue/queued-call.ts";

/** Counts the outcome of an input value, and makes its item. */
export type Settle<Result> = (
  index: number,
  end: { readonly result: Result } | { readonly thrown: unknown },
) => ManyItem<Result>;

/** A valid input value of a run. The run holds it until its item is given out. */
export class RunEntry<Result> extends QueuedCall {
  item: ManyItem<Result> | undefined;
  readonly #index: number;
  readonly #settle: Settle<Result>;

  constructor(index: number, request: QueuedRequest, settle: Settle<Result>) {
    super(request);
    this.#index = index;
    this.#settle = settle;
  }

  resolve(result: object): void {
    this.forget();
    this.item = this.#settle(this.#index, { result: result as Result });
  }

  reject(thrown: unknown): void {
    this.forget();
    this.item = this.#settle(this.#index, { thrown });
  }
}
