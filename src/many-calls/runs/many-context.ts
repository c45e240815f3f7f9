import type { Lifetime } from "../../call/calls-under-way.ts";
import type { Send } from "../../call/send.ts";
import type { WalkOptions } from "../../call/walk-response.ts";
import type { CheckedOptions } from "../../options/check-client-options.ts";
import type { MethodTable } from "../../schema/method-table.ts";

/** What the runs of a client share. */
export interface ManyContext {
  readonly table: MethodTable;
  readonly send: Send;
  readonly results: WalkOptions;
  readonly timeoutMs: CheckedOptions["timeoutMs"];
  readonly lifetime: Lifetime;
}
