import { expect, test } from "vitest";
import { messageOf, resultOf } from "./result-of.ts";

test("a result gets the zero values that it does not name", () => {
  expect(resultOf("publish")).toMatchObject({ offset: 0, epoch: "" });
  expect(resultOf("publish", { epoch: "e" }, "bigint")).toMatchObject({ offset: 0n, epoch: "e" });
  expect(resultOf("info")).toMatchObject({ nodes: [] });
  expect(resultOf("presence")).toMatchObject({ presence: {} });
  expect(resultOf("rpc")).not.toHaveProperty("data");
});

test("messages in lists, maps and fields of a result are completed, too", () => {
  const publication = messageOf("Publication", { data: 1, offset: 0, tags: {} });
  expect(resultOf("history", { publications: [{ data: 1 }] })).toMatchObject({ publications: [publication] });
  const presence = { c: messageOf("ClientInfo", { user: "", client: "c" }) };
  expect(resultOf("presence", { presence: { c: { client: "c" } } })).toMatchObject({ presence });
  expect(messageOf("Publication", { info: {} })).toMatchObject({ info: { user: "", client: "" } });
});

test("the items of a broadcast that succeeded are completed", () => {
  const failed = { ok: false, error: expect.any(Error) };
  const { responses } = resultOf("broadcast", { responses: [{ ok: true, result: {} }, failed] });
  expect(responses).toEqual([{ ok: true, result: resultOf("publish") }, failed]);
});

test("a matcher stays as it is", () => {
  const any = expect.any(Object);
  expect(resultOf("info", { nodes: [any] }).nodes).toEqual([any]);
  expect((resultOf("info", { nodes: [any] }).nodes as unknown[])[0]).toBe(any);
});
