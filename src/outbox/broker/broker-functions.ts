import type { BrokerMethod, BrokerRequests } from "./broker-requests.ts";

/** How an argument is checked, and cast in SQL. `!` stands behind those that a function cannot do without. */
export type ArgumentKind =
  | "text!"
  | "text"
  | "data!"
  | "data"
  | "tags"
  | "interval"
  | "integer"
  | "bigint"
  | "boolean"
  | "keyMode";

type Arguments<Method extends BrokerMethod> = {
  readonly [Name in keyof BrokerRequests[Method]]-?: ArgumentKind;
};

const publisher = { clientId: "text", userId: "text", connInfo: "data", chanInfo: "data" } as const;
const idempotency = { idempotencyKey: "text", idempotencyTtlMs: "interval" } as const;
const channel = { channel: "text!" } as const;

const publication: Arguments<"stream_publish"> = {
  ...channel,
  data: "data!",
  tags: "tags",
  historyTtlMs: "interval",
  historySize: "integer",
  metaTtlMs: "interval",
  version: "bigint",
  versionEpoch: "text",
  ...idempotency,
  useDelta: "boolean",
  ...publisher,
};

const membership: Arguments<"stream_publish_join"> = {
  ...channel,
  ...publisher,
  clientId: "text!",
  userId: "text!",
};

const keyChange: Arguments<"map_publish"> = {
  ...channel,
  key: "text!",
  data: "data!",
  tags: "tags",
  keyTtlMs: "interval",
  metaTtlMs: "interval",
  keyMode: "keyMode",
  expectedOffset: "bigint",
  expectedEpoch: "text",
  keyVersion: "bigint",
  keyVersionEpoch: "text",
  ...idempotency,
  useDelta: "boolean",
  ...publisher,
  refreshTtlOnSuppress: "boolean",
};

const keyRemoval: Arguments<"map_remove"> = {
  ...channel,
  key: "text!",
  metaTtlMs: "interval",
  expectedOffset: "bigint",
  expectedEpoch: "text",
  ...idempotency,
  clientId: "text",
  userId: "text",
};

/** The functions and their arguments. `p_num_shards` is left out: a wrong number breaks the order, and SQL finds the right one. */
export const brokerFunctions: { readonly [Method in BrokerMethod]: Arguments<Method> } = {
  stream_publish: publication,
  stream_publish_strict: publication,
  stream_top_position: channel,
  stream_remove_history: channel,
  stream_publish_join: membership,
  stream_publish_leave: membership,
  map_publish: keyChange,
  map_publish_strict: keyChange,
  map_remove: keyRemoval,
  map_remove_strict: keyRemoval,
};
