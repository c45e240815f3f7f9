import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PublishRequestSchema } from "#api";
import type { Send } from "../../../src/call/send.ts";
import { createWalker } from "../../../src/call/walker.ts";
import { createPayload } from "../../../src/codec/payload.ts";
import { SentSecrets } from "../../../src/errors/hide-secret.ts";
import { createBatching } from "../../../src/many-calls/batching/batching.ts";
import type { CallLimits } from "../../../src/options/call-options.ts";
import { withBatchingDefaults } from "../../../src/options/check-batching.ts";
import type { Method } from "../../../src/schema/method-table.ts";
import { rejection } from "../../harness/expected-error.ts";
import { table } from "../../harness/scripted-server.ts";

interface Sent {
  readonly method: Method;
  readonly message: Message;
  readonly limits: CallLimits;
}

/** Ends the calls of a test, so that no deadline outlives it. */
let ending: AbortController;
beforeEach(() => {
  ending = new AbortController();
});
afterEach(() => ending.abort());

const publish = table.byName("publish") ?? expect.fail();
const unlimited: CallLimits = {
  signal: undefined,
  timeoutMs: 0,
  header: undefined,
  retry: undefined,
  isAlone: false,
};

/** Publishes in batches. The requests get no reply. */
function batching() {
  const sent: Sent[] = [];
  const send: Send = (method, message, limits) => {
    sent.push({ method, message, limits });
    return new Promise(() => {});
  };
  const authorize = vi.fn(() => ({}));
  const walker = createWalker(table, {
    payload: createPayload(undefined),
    int64: "number",
    secrets: new SentSecrets(),
  });
  const execute = createBatching(
    {
      ...{ table, send, walker, waits: new Set<never>(), jsonReplies: true },
      alone: () => expect.fail("a publish shares a request"),
      authorize,
    },
    withBatchingDefaults({}),
  );
  const call = (limits: Partial<CallLimits> = {}) =>
    rejection(
      execute(publish, create(PublishRequestSchema, { channel: "a" }), {
        ...unlimited,
        signal: ending.signal,
        ...limits,
      }),
    );
  return { sent, call, authorize };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a shared request", () => {
  test("the request takes the longest time that one of its calls has left", async () => {
    const { sent, call } = batching();
    for (const timeoutMs of [1_000, 60_000, 2_000]) call({ timeoutMs });
    await turn();
    expect(sent.map(({ method }) => method.name)).toEqual(["batch"]);
    const [request] = sent;
    expect(request?.limits.timeoutMs).toBeGreaterThan(2_000);
    expect(request?.limits.timeoutMs).toBeLessThanOrEqual(60_000);
  });

  test("the request has no time limit if one of its calls has none", async () => {
    const { sent, call } = batching();
    for (const timeoutMs of [1_000, 0]) call({ timeoutMs });
    await turn();
    expect(sent[0]?.limits.timeoutMs).toBe(0);
  });

  test("the request is aborted when all its calls are, and not earlier", async () => {
    const { sent, call } = batching();
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [call({ signal: first.signal }), call({ signal: second.signal })];
    await turn();
    const signal = sent[0]?.limits.signal;
    first.abort();
    await calls[0];
    expect(signal?.aborted).toBe(false);
    second.abort();
    await calls[1];
    expect(signal?.aborted).toBe(true);
  });
});

test("a call that shares its request with no other has its own signal, and is not sent as a batch", async () => {
  const { sent, call } = batching();
  call({ timeoutMs: 1_000 });
  await turn();
  expect(sent).toHaveLength(1);
  expect(sent[0]?.method).toBe(publish);
  expect(sent[0]?.limits.signal).toBe(ending.signal);
});

test("a call whose signal is aborted already asks for no key, and is not sent", async () => {
  const { sent, call, authorize } = batching();
  await call({ signal: AbortSignal.abort() });
  await turn();
  expect(authorize).not.toHaveBeenCalled();
  expect(sent).toEqual([]);
  call();
  await turn();
  expect(sent.map(({ method }) => method)).toEqual([publish]);
});
