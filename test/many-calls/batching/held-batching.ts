import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { expect, vi } from "vitest";
import type { Reply } from "../../../src/call/reply.ts";
import type { Send } from "../../../src/call/send.ts";
import { createWalker } from "../../../src/call/walker.ts";
import { createPayload } from "../../../src/codec/payload.ts";
import { SentSecrets } from "../../../src/errors/hide-secret.ts";
import type { EndableWork } from "../../../src/limits/run-within.ts";
import { createBatching } from "../../../src/many-calls/batching/batching.ts";
import type { Authorize } from "../../../src/options/authorization.ts";
import type { CallLimits } from "../../../src/options/call-options.ts";
import { withBatchingDefaults } from "../../../src/options/check-batching.ts";
import type { BatchingOptions } from "../../../src/options/client-options.ts";
import type { Method } from "../../../src/schema/method-table.ts";
import { rejection } from "../../harness/expected-error.ts";
import { table } from "../../harness/scripted-server.ts";

interface Sent {
  readonly method: Method;
  readonly message: Message;
  readonly limits: CallLimits;
}

const unlimited: CallLimits = {
  signal: undefined,
  timeoutMs: 0,
  header: undefined,
  retry: undefined,
  isAlone: false,
};

/**
 * Batching whose requests get no reply.
 *
 * @param ending ends the calls without a signal of their own, so that no deadline outlives a test
 */
export function heldBatching(
  ending: AbortSignal,
  options: BatchingOptions = {},
  authorize: Authorize = () => ({}),
) {
  const sent: Sent[] = [];
  const send: Send = (method, message, limits) => {
    sent.push({ method, message, limits });
    return new Promise<Reply>(() => {});
  };
  const walker = createWalker(table, {
    payload: createPayload(undefined),
    int64: "number",
    secrets: new SentSecrets(),
  });
  const waits = new Set<EndableWork>();
  const server = { transport: "http", address: undefined, port: undefined } as const;
  const alone = vi.fn(() => new Promise<object>(() => {}));
  const execute = createBatching(
    { table, send, walker, waits, alone, authorize, jsonReplies: true, server },
    withBatchingDefaults(options),
  );
  /** Makes a call, and gives what it rejects with. */
  const call = (name: string, request: Record<string, unknown>, limits: Partial<CallLimits> = {}) => {
    const method = table.byName(name) ?? expect.fail();
    const message = create(method.rpc.input, request);
    return rejection(execute(method, message, { ...unlimited, signal: ending, ...limits }));
  };
  const publish = (limits?: Partial<CallLimits>) => call("publish", { channel: "a" }, limits);
  /** The names of the methods that were sent. */
  const names = () => sent.map(({ method }) => method.name);
  return { sent, names, waits, alone, call, publish };
}

/** The end of a turn of the event loop. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));
