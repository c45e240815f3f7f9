import type { CentApiResponseError, CentError, Failure } from "../errors/cent-error.ts";
import { CentPartialError } from "../errors/cent-error.ts";

/** The success or failure of one command of a batch, or of one channel of a broadcast. */
export type Item<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: CentApiResponseError };

/** The success or failure of one publication of `publishMany`, or of one channel of `broadcastMany`. */
export type ManyItem<Result> =
  | { readonly ok: true; readonly index: number; readonly result: Result }
  | { readonly ok: false; readonly index: number; readonly error: CentError };

/** The result of an item, or of each item of a tuple. */
export type Unwrapped<Items extends readonly Item<unknown>[]> = {
  -readonly [Index in keyof Items]: Extract<Items[Index], { ok: true }>["result"];
};

/**
 * The results of a batch's `replies` or a broadcast's `responses`, in their order.
 *
 * @throws CentPartialError with all the failures, where there are any
 */
export function unwrap<const Items extends readonly Item<unknown>[]>(items: Items): Unwrapped<Items> {
  const failed = failures(items);
  if (failed.length > 0) throw new CentPartialError(failed, items.length);
  return items.map((item) => (item.ok ? item.result : undefined)) as Unwrapped<Items>;
}

/** The failed items of a batch's `replies` or a broadcast's `responses`; an empty list where all went well. */
export function failures(items: readonly Item<unknown>[]): Failure[] {
  return items.flatMap((item, index) => (item.ok ? [] : [{ index, error: item.error }]));
}
