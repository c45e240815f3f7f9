import { encodeRequest } from "../../codec/encode-request.ts";
import { addIdempotencyKeys } from "../../codec/idempotency.ts";
import { queuedRequest } from "../queue/queued-call.ts";
import { sendInBatch } from "../queue/send-calls.ts";
import { sharingMethods } from "../queue/sharing-methods.ts";
import type { ManyRun } from "./many-run.ts";
import type { RunContext } from "./run.ts";
import { startRun } from "./start-run.ts";
import { sendOfRun } from "./trace-run.ts";

/** Makes `publishMany`; undefined if the service has no publish that can be in a batch. */
export function createPublishMany(
  context: RunContext,
): ((publications: unknown, options?: unknown) => ManyRun<object>) | undefined {
  const { table, walker, payload, checks } = context;
  const method = table.byName("publish");
  if (method === undefined || !sharingMethods(table, true).has(method)) return undefined;
  return (publications, options = {}) =>
    startRun(context, "publishMany", publications, options, ({ maxBytes, retry }) => ({
      method: method.name,
      request(value) {
        const message = encodeRequest(table, method, value, payload);
        checks?.sent(method, message);
        if (retry?.idempotencyKeys) addIdempotencyKeys(table, method, message);
        return queuedRequest(method, message, maxBytes);
      },
      send: (entries, limits) =>
        sendInBatch(table, walker, entries, (_calls, sender, message) =>
          sendOfRun(context, sender, message, limits),
        ),
    }));
}
