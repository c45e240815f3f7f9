import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { methodTable } from "../../src/schema/method-table.ts";
import { isRead } from "../../src/schema/reads.ts";

const method = (name: string) => methodTable(CentrifugoApi).byName(name) ?? expect.fail();

test("history is a read by the table, publish is a write", () => {
  expect([isRead(method("history")), isRead(method("publish"))]).toEqual([true, false]);
});

test("the schema can declare a method a read", () => {
  const publish = method("publish");
  const declaredAs = (idempotency: MethodOptions_IdempotencyLevel) =>
    isRead({ ...publish, rpc: { ...publish.rpc, idempotency } });
  expect(declaredAs(MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS)).toBe(true);
  expect(declaredAs(MethodOptions_IdempotencyLevel.IDEMPOTENT)).toBe(false);
});
