import type { Message } from "@bufbuild/protobuf";
import type { WalkedItem } from "../../call/reply-walk.ts";
import { encodeString, expectObject } from "../../codec/caller-values.ts";
import { encodeMessage } from "../../codec/encode-message.ts";
import { expectFilled } from "../../codec/encode-request.ts";
import { addIdempotencyKeys } from "../../codec/idempotency.ts";
import { PathError, runUnder } from "../../codec/path-error.ts";
import type { Payload } from "../../codec/payload.ts";
import { hasErrorOrResult } from "../../schema/error-or-result.ts";
import { create } from "../../schema/messages.ts";
import type { Method } from "../../schema/method-table.ts";
import { requiredFields } from "../../schema/required-fields.ts";
import { valueSize } from "../queue/message-size.ts";
import type { ManyRun } from "./many-run.ts";
import type { RunContext } from "./run.ts";
import { startRun } from "./start-run.ts";
import { sendOfRun } from "./trace-run.ts";

/** Makes `broadcastMany`; undefined if the service has no broadcast with a response for each channel. */
export function createBroadcastMany(
  context: RunContext,
): ((channels: unknown, request: unknown, options?: unknown) => ManyRun<object>) | undefined {
  const { table, walker, payload, checks } = context;
  const method = table.byName("broadcast");
  if (method === undefined || !answersEachChannel(method)) return undefined;
  return (channels, request, options = {}) =>
    startRun(context, "broadcastMany", channels, options, () => {
      const shared = sharedFields(method, request, payload);
      return {
        method: method.name,
        request(value, index) {
          const channel = runUnder(`channels[${index}]`, () => encodeString(value));
          expectFilled(channel, `channels[${index}]`);
          checks?.sentTo(`channels[${index}]`, channel, shared);
          return { method, message: shared, channels: channel, size: valueSize(channel), goesAlone: false };
        },
        async send(entries, limits) {
          const message = create(method.rpc.input);
          Object.assign(message, shared, { channels: entries.map((entry) => entry.channels) });
          if (limits.retry?.idempotencyKeys) addIdempotencyKeys(table, method, message);
          try {
            const items = walker.channels(method, message, await sendOfRun(context, method, message, limits));
            entries.forEach((entry, index) => {
              const item = items[index] as WalkedItem;
              if (item.ok) entry.resolve(item.result);
              else entry.reject(item.error);
            });
          } catch (thrown) {
            for (const entry of entries) entry.reject(thrown);
          }
        },
      };
    });
}

function answersEachChannel({ rpc: { input, output } }: Method): boolean {
  const result = hasErrorOrResult(output) ? output.field.result?.message : undefined;
  const responses = result?.field.responses;
  if (input.field.channels?.fieldKind !== "list" || responses?.fieldKind !== "list") return false;
  return responses.message !== undefined && hasErrorOrResult(responses.message);
}

/** The fields of each request of a run, without `channels`. @throws PathError for a wrong or missing field */
function sharedFields({ name, rpc }: Method, request: unknown, payload: Payload): Message {
  const given = expectObject(request);
  if (given.channels !== undefined)
    throw new PathError("is not expected; the channels are the first argument", { path: "channels" });
  const message = encodeMessage(rpc.input, request, payload);
  for (const field of requiredFields(name)) {
    if (field !== "channels" && given[field] === undefined)
      throw new PathError("is required", { path: field });
  }
  return message;
}
