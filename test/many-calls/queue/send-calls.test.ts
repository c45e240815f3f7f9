import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import { ReceivedReply } from "../../../src/call/reply.ts";
import { SendFailure } from "../../../src/call/send-failure.ts";
import { createWalker } from "../../../src/call/walker.ts";
import { createPayload } from "../../../src/codec/payload.ts";
import { SentSecrets } from "../../../src/errors/hide-secret.ts";
import { queuedRequest } from "../../../src/many-calls/queue/queued-call.ts";
import type { SendFor } from "../../../src/many-calls/queue/send-calls.ts";
import { sendInBatch } from "../../../src/many-calls/queue/send-calls.ts";
import { statusFailure } from "../../../src/transport/transport-failure.ts";
import { table } from "../../harness/scripted-server.ts";
import { TestCall } from "../../harness/test-call.ts";

const info = table.byName("info") ?? expect.fail();
const walker = createWalker(table, {
  payload: createPayload(undefined),
  int64: "number",
  secrets: new SentSecrets(),
});

/** Calls of `info`. */
const calls = (count: number) =>
  Array.from({ length: count }, (_, id) => {
    const { method, message } = queuedRequest(info, create(info.rpc.input), 1_000);
    return Object.assign(new TestCall(id, []), { method, message });
  });

/** Sends calls whose batch is refused with an HTTP status. Gives the methods that were sent. */
async function sentAfter(httpStatus: number, given: readonly TestCall[]): Promise<string[]> {
  const sent: string[] = [];
  const sendFor: SendFor<TestCall> = async (_calls, method) => {
    sent.push(method.name);
    const record = { attempts: 1, maybeExecuted: false };
    if (method === table.batch)
      throw new SendFailure(statusFailure("x", { httpStatus }, Code.Unknown), record);
    const message = create(InfoResponseSchema, { result: {} });
    return new ReceivedReply({ message }, method.rpc, 1, false);
  };
  await sendInBatch(table, walker, given, sendFor);
  return sent;
}

test("the calls of a batch that was refused for its form are sent one by one, but for a call that has left", async () => {
  const given = calls(3);
  Object.assign(given[1] ?? {}, { hasLeft: true });
  expect(await sentAfter(413, given)).toEqual(["batch", "info", "info"]);
  await Promise.all([given[0]?.settled, given[2]?.settled]);
});

test("the calls of a batch that fails otherwise fail with it", async () => {
  const given = calls(2);
  const failures = given.map(({ settled }) => settled.catch((thrown: unknown) => thrown));
  expect(await sentAfter(503, given)).toEqual(["batch"]);
  for (const failure of await Promise.all(failures)) expect(failure).toBeInstanceOf(SendFailure);
});

test("a single call is sent without a batch", async () => {
  expect(await sentAfter(413, calls(1))).toEqual(["info"]);
});
