import { setImmediate as nextTurn } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { expect, test, vi } from "vitest";
import { PublishRequestSchema } from "#api";
import { CentRequestError, createClient } from "../../../src/index.ts";
import { queuedRequest } from "../../../src/many-calls/queue/queued-call.ts";
import { RunEntry } from "../../../src/many-calls/runs/run-entry.ts";
import { createTestClient } from "../../../src/testing/index.ts";
import { expectError, rejection, secret } from "../../harness/expected-error.ts";
import { scriptedFetch } from "../../harness/scripted-fetch.ts";
import { table } from "../../harness/scripted-server.ts";
import { itemsOf, publications } from "./set-up.ts";

const url = "http://centrifugo.test/api";

/** A fetch whose requests wait for the answers of the test, oldest first. */
function heldFetch() {
  const held: ((response: Response) => void)[] = [];
  return {
    held,
    fetch: () => new Promise<Response>((resolve) => held.push(resolve)),
    async answer(status: number, text: string) {
      held.shift()?.(new Response(text, { status }));
      for (let n = 0; n < 5; n++) await nextTurn();
    },
  };
}

test("the counts of a run that close() ends say what became of its last requests", async () => {
  const { fetch, held, answer } = heldFetch();
  const client = createClient({ url, http: { fetch }, retry: false });
  const run = client.publishMany(publications(10), { maxCommands: 1, inFlight: 4 });
  const reason = rejection(run);
  await vi.waitFor(() => expect(held).toHaveLength(4));
  const closed = client.close();
  // The run comes to its next request, and ends.
  await answer(200, '{"result":{}}');
  await answer(200, '{"error":{"code":102,"message":"unknown channel"}}');
  await answer(403, "");
  await answer(500, "");
  await closed;
  expectError(await reason, CentRequestError, { method: "publishMany", cause: false });
  expect(run.progress).toEqual({ taken: expect.any(Number), succeeded: 1, failed: 2, unknown: 1 });
});

test("a run ends after its last onProgress, however long that takes", async () => {
  const { client } = createTestClient();
  let isReported = false;
  const onProgress = async () => {
    for (let n = 0; n < 20; n++) await nextTurn();
    isReported = true;
  };
  expect(await client.publishMany(publications(1), { onProgress })).toMatchObject({ succeeded: 1 });
  expect(isReported).toBe(true);
});

test("the error of a value that cannot be sent does not show the key", async () => {
  const { fetch } = scriptedFetch();
  const client = createClient({ url, apiKey: secret, http: { fetch } });
  // The client knows the key when it has sent it.
  await client.publish({ channel: "chat", data: 1 });
  const [item] = await itemsOf(client.publishMany([{ channel: "chat", data: 1, [secret]: 1 } as never]));
  const error = expectError(!item?.ok && item?.error, CentRequestError);
  expect(error.message).toContain("unknown field");
});

test.each([true, false])(
  "values have idempotency keys only if retry.idempotencyKeys is %s",
  async (idempotencyKeys) => {
    const { fetch, sent } = scriptedFetch();
    const client = createClient({ url, http: { fetch }, retry: { idempotencyKeys } });
    await client.publishMany(publications(1));
    await client.broadcastMany(["a"], { data: 1 });
    expect(sent.map(({ body }) => body.includes('"idempotency_key":'))).toEqual([
      idempotencyKeys,
      idempotencyKeys,
    ]);
  },
);

test.each(["resolve", "reject"] as const)("an entry does not keep its message after %s()", (settle) => {
  const publish = table.byName("publish") ?? expect.fail();
  const request = queuedRequest(publish, create(PublishRequestSchema, { channel: "a" }), 1_000);
  const entry = new RunEntry(7, request, (index) => ({ ok: true, index, result: {} }));
  expect(entry.message).toBe(request.message);
  entry[settle]({});
  expect(entry.message).toEqual({ $typeName: "" });
  expect(entry.item).toEqual({ ok: true, index: 7, result: {} });
});
