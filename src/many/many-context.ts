import type { CheckedOptions } from "../check-options.ts";
import type { Lifetime } from "../lifetime.ts";
import type { MethodTable } from "../methods.ts";
import type { Send } from "../send.ts";
import type { WalkOptions } from "../walk-result.ts";

/** What the runs of a client share. */
export interface ManyContext {
  readonly table: MethodTable;
  readonly send: Send;
  readonly results: WalkOptions;
  readonly timeoutMs: CheckedOptions["timeoutMs"];
  readonly lifetime: Lifetime;
}
