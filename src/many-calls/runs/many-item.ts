import type { CentError } from "../../errors/cent-error.ts";

/** What became of one publication of `publishMany`, or of one channel of `broadcastMany`. */
export type ManyItem<Result> =
  | { readonly ok: true; readonly index: number; readonly result: Result }
  | { readonly ok: false; readonly index: number; readonly error: CentError };

/** How far a `publishMany` or `broadcastMany` is. What was taken and is none of the other three was not executed. */
export interface ManyProgress {
  /** What was taken from the input. */
  readonly taken: number;
  /** What the server has executed. */
  readonly succeeded: number;
  /**
   * What failed, and was not executed (with the code INTERNAL perhaps): a bad request, an error of the server's, no
   * connection to begin with.
   */
  readonly failed: number;
  /** What was sent and had no answer, so that it may have been executed: a lost connection, no time, an abort. */
  readonly unknown: number;
}
