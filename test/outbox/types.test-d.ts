import type { QueryConfig } from "pg";
import { expectTypeOf, test } from "vitest";
import { createCommand } from "../../src/index.ts";
import type { SqlValue } from "../../src/outbox/index.ts";
import { brokerQueries, brokerQuery, outboxInsert } from "../../src/outbox/index.ts";

test("a query is what pg takes", () => {
  expectTypeOf(outboxInsert).returns.toExtend<QueryConfig>();
  expectTypeOf(brokerQuery).returns.toExtend<QueryConfig>();
  // postgres.js refuses values of unknown types.
  expectTypeOf(outboxInsert).returns.toHaveProperty("values").toEqualTypeOf<SqlValue[]>();
  expectTypeOf<SqlValue>().toEqualTypeOf<string | number | boolean | Uint8Array>();
});

test("the compiler knows the commands, the options and the arguments of each function", () => {
  const command = createCommand("publish", { channel: "a", data: 1 });
  outboxInsert([command, createCommand("disconnect", { user: "1" })], { table: "t", partitions: 1 });
  // @ts-expect-error the number of partitions is missing
  outboxInsert(command, { table: "t" });
  // @ts-expect-error consumers skip this method
  outboxInsert({ method: "rpc", payload: {} }, { table: "t", partitions: 1 });
  // @ts-expect-error streams have no keys
  brokerQuery("stream_publish", { channel: "a", data: 1, key: "k" });
  // @ts-expect-error the key is missing
  brokerQuery("map_publish", { channel: "a", data: 1 });
  // @ts-expect-error no data is removed
  brokerQueries([["map_remove", { channel: "a", data: 1 }]]);
});
