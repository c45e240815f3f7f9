import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import type { BatchRequest } from "#api";
import { addIdempotencyKeys, isRepeatable } from "../../src/codec/idempotency.ts";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import { recordedService } from "../harness/schema-release.ts";
import { table } from "../harness/scripted-server.ts";

const methods = table.methods.filter(({ rpc }) =>
  recordedService.methods.some(({ name }) => name === rpc.name),
);
const batch = (...commands: object[]) => create(table.batch.rpc.input, { commands }) as BatchRequest;
const message = (name: string, fields: Record<string, unknown>) => {
  const method = methods.find((one) => one.name === name) ?? expect.fail(name);
  return [method, create(method.rpc.input, fields)] as const;
};
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const read = { $typeName: "", channel: "a" };

test("reads, and a batch without commands, may be repeated as they are", () => {
  const repeatable = methods.filter((method) => isRepeatable(table, method, create(method.rpc.input)));
  // A batch without commands has no effect.
  expect(repeatable.map(({ name }) => name).sort()).toEqual([
    "batch",
    "channels",
    "connections",
    "deviceList",
    "deviceTopicList",
    "getUserStatus",
    "history",
    "info",
    "mapReadState",
    "mapReadStream",
    "mapStats",
    "presence",
    "presenceStats",
    "userTopicList",
  ]);
});

test("publish, broadcast, mapPublish and mapRemove may be repeated with the key that they get", () => {
  const keyed = methods.filter((method) => {
    const request = create(method.rpc.input);
    const before = isRepeatable(table, method, request);
    addIdempotencyKeys(table, method, request);
    return !before && isRepeatable(table, method, request);
  });
  expect(keyed.map(({ name }) => name).sort()).toEqual(["broadcast", "mapPublish", "mapRemove", "publish"]);
});

test("each request gets its own UUID as the key, and keeps a caller's key", () => {
  const keys = [undefined, undefined, "mine"].map((idempotencyKey) => {
    const [method, request] = message("publish", { channel: "a", idempotencyKey });
    addIdempotencyKeys(table, method, request);
    return fieldsOf(request).idempotencyKey;
  });
  expect(keys).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid), "mine"]);
  expect(keys[0]).not.toBe(keys[1]);
});

test("a batch is repeatable if all its commands are, and each command gets its own key", () => {
  const publish = create(message("publish", {})[0].rpc.input, { channel: "a" });
  const mapRemove = create(message("mapRemove", {})[0].rpc.input, { channel: "a", key: "k" });
  const history = { ...read, ...create(message("history", {})[0].rpc.input, { channel: "a" }) };
  const historyRemove = create(message("historyRemove", {})[0].rpc.input, { channel: "a" });
  const keyed = batch({ publish }, { history }, { mapRemove });
  expect(isRepeatable(table, table.batch, keyed)).toBe(false);
  addIdempotencyKeys(table, table.batch, keyed);
  expect(isRepeatable(table, table.batch, keyed)).toBe(true);
  const keys = [keyed.commands[0]?.publish?.idempotencyKey, keyed.commands[2]?.mapRemove?.idempotencyKey];
  expect(keys).toEqual([expect.stringMatching(uuid), expect.stringMatching(uuid)]);
  expect(keys[0]).not.toBe(keys[1]);
  const mixed = batch({ publish }, { historyRemove });
  addIdempotencyKeys(table, table.batch, mixed);
  expect(isRepeatable(table, table.batch, mixed)).toBe(false);
});

test("a broadcast that lists a channel twice gets no key: each copy of the data would be sent once", () => {
  const keys = [
    ["a", "b"],
    ["a", "b", "a"],
  ].map((channels) => {
    const [method, request] = message("broadcast", { channels });
    addIdempotencyKeys(table, method, request);
    return fieldsOf(request).idempotencyKey;
  });
  expect(keys).toEqual([expect.stringMatching(uuid), ""]);
});

test("a command that the schema does not know gets no key", () => {
  const unknown = batch({});
  addIdempotencyKeys(table, table.batch, unknown);
  expect(unknown).toEqual(batch({}));
});
