import { walkResponse } from "../../call/walk-response.ts";
import { encodeRequest } from "../../codec/encode-request.ts";
import { batchKinds } from "../queue/batch-kind.ts";
import { carryInBatch } from "../queue/carry-in-batch.ts";
import { channelsOf } from "../queue/channels-of.ts";
import { messageSize } from "../queue/message-size.ts";
import type { ManyContext } from "./many-context.ts";
import type { ManyRun } from "./many-run.ts";
import { startRun } from "./start-run.ts";

/** `publishMany` of a client; undefined where its service has no such method that can be in a batch. */
export function createPublishMany(
  context: ManyContext,
): ((publications: unknown, options?: unknown) => ManyRun<object>) | undefined {
  const { table, send, results } = context;
  const method = table.byName("publish");
  const kind = method && batchKinds(table, true)(method);
  if (method === undefined || kind === "alone") return undefined;
  const { input } = method.rpc;
  const inBatch = carryInBatch(table);
  return (publications, options = {}) =>
    startRun(context, "publishMany", publications, options, ({ maxBytes }) => ({
      method: method.name,
      command(value) {
        const message = encodeRequest(table, method, value, results.payload);
        const size = messageSize(input, message);
        return {
          method,
          message,
          size,
          kind: size > maxBytes ? "alone" : "together",
          channels: channelsOf(input, message),
        };
      },
      carry: (commands, limits, sent) =>
        inBatch(commands, (carrier, message) => send(carrier, message, limits, sent)),
      result: ({ message }, response) => walkResponse(table, method, message, response, results),
    }));
}
