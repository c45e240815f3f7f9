import type { Method } from "./method-table.ts";

/** The methods that change nothing. Centrifugo's schema does not mark them. A method not listed here counts as a write. */
const reads: ReadonlySet<string> = new Set([
  "presence",
  "presenceStats",
  "history",
  "channels",
  "info",
  "mapReadState",
  "mapReadStream",
  "mapStats",
  "connections",
  "getUserStatus",
  "deviceList",
  "deviceTopicList",
  "userTopicList",
]);

/** google.protobuf.MethodOptions.IdempotencyLevel */
const noSideEffects = 1;

/** Whether a method only reads, by its `idempotency_level` in the schema, or by the list above. */
export function isRead({ name, rpc }: Method): boolean {
  return rpc.idempotency === noSideEffects || reads.has(name);
}
