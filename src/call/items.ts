import type { CentApiResponseError, CentError, Failure } from "../errors/cent-error.ts";
import { CentPartialError } from "../errors/cent-error.ts";

/** The outcome of one command of a batch, or of one channel of a broadcast. */
export type Item<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: CentApiResponseError };

/** The outcome of one publication or channel in the input of a run; `index` is its place there. */
export type ManyItem<Result> =
  | { readonly ok: true; readonly index: number; readonly result: Result }
  | { readonly ok: false; readonly index: number; readonly error: CentError };

/** The results of a list of items. A tuple keeps the type of each place. */
export type Unwrapped<Items extends readonly Item<unknown>[]> = {
  -readonly [Index in keyof Items]: Extract<Items[Index], { ok: true }>["result"];
};

/**
 * Returns the results of a batch's `replies` or a broadcast's `responses`, in their order.
 *
 * @throws CentPartialError with all failures, if any item failed
 */
export function unwrap<const Items extends readonly Item<unknown>[]>(items: Items): Unwrapped<Items> {
  const failed = failures(items);
  if (failed.length > 0) throw new CentPartialError(failed, items.length);
  return items.map((item) => (item.ok ? item.result : undefined)) as Unwrapped<Items>;
}

/** Returns the failed items of a batch's `replies` or a broadcast's `responses`; an empty list if none failed. */
export function failures(items: readonly Item<unknown>[]): Failure[] {
  return items.flatMap((item, index) => (item.ok ? [] : [{ index, error: item.error }]));
}
