import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { PublishRequestSchema } from "#api";
import { LimitedWork } from "../../../src/limits/run-within.ts";
import { BatchedCall } from "../../../src/many-calls/batching/batched-call.ts";
import { queuedRequest } from "../../../src/many-calls/queue/queued-call.ts";
import { table } from "../../harness/scripted-server.ts";

test("a call that has left keeps neither its message nor its options, while it stays in the queue", () => {
  const publish = table.byName("publish") ?? expect.fail();
  const { signal } = new AbortController();
  const limits = { signal, timeoutMs: 5, header: { "x-a": "1" }, retry: undefined, isAlone: true };
  const work = new LimitedWork<object>(
    0,
    undefined,
    () => {},
    () => {},
  );
  const request = queuedRequest(publish, create(PublishRequestSchema, { channel: "a" }), 1_000);
  const call = new BatchedCall(request, limits, work);
  expect([call.message, call.limits]).toEqual([request.message, limits]);
  call.forget();
  expect(call.message).toEqual({ $typeName: "" });
  expect([call.limits.signal, call.limits.header]).toEqual([undefined, undefined]);
});
