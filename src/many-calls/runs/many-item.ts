import type { CentError } from "../../errors/cent-error.ts";

/** What became of one publication of `publishMany`, or of one channel of `broadcastMany`. */
export type ManyItem<Result> =
  | { readonly ok: true; readonly index: number; readonly result: Result }
  | { readonly ok: false; readonly index: number; readonly error: CentError };
