import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { walkItem } from "../../call/walk-response.ts";
import { encodeMessage } from "../../codec/encode-message.ts";
import { fieldsOf } from "../../codec/message-fields.ts";
import { PathError } from "../../codec/path-error.ts";
import type { Payload } from "../../codec/payload.ts";
import { hasErrorOrResult } from "../../schema/error-or-result.ts";
import type { Method } from "../../schema/method-table.ts";
import { requiredFields } from "../../schema/required-fields.ts";
import { decodeFailure } from "../../transport/transport-failure.ts";
import { messageSize } from "../queue/message-size.ts";
import type { ManyContext } from "./many-context.ts";
import type { ManyRun } from "./many-run.ts";
import { startRun } from "./start-run.ts";

/** `broadcastMany` of a client; undefined where its service has no such method with an outcome for each channel. */
export function createBroadcastMany(
  context: ManyContext,
): ((channels: unknown, request: unknown, options?: unknown) => ManyRun<object>) | undefined {
  const { table, send, results } = context;
  const method = table.byName("broadcast");
  const outcome = method && outcomeSchema(method);
  if (method === undefined || outcome === undefined) return undefined;
  const { input } = method.rpc;
  return (channels, request, options = {}) =>
    startRun(context, "broadcastMany", channels, options, () => {
      const shared = sharedFields(method, request, results.payload);
      return {
        method: method.name,
        command(value, index) {
          const message = channelMessage(input, value, index, results.payload);
          const size = messageSize(input, message);
          return {
            method,
            message,
            size,
            kind: "together",
            channels: fieldsOf(message).channels as string[],
          };
        },
        async carry(commands, limits, sent) {
          const message = create(input);
          Object.assign(message, shared, { channels: commands.flatMap((command) => command.channels) });
          return outcomesOf(await send(method, message, limits, sent), outcome, commands.length);
        },
        result(_command, response) {
          const item = walkItem(outcome, response, method.name, results);
          if (!item.ok) throw item.error;
          return item.result;
        },
      };
    });
}

/** The schema of what a broadcast answers for each channel. */
function outcomeSchema({ rpc: { input, output } }: Method): DescMessage | undefined {
  const result = hasErrorOrResult(output) ? output.field.result?.message : undefined;
  const outcome = result?.field.responses;
  const answersEach = input.field.channels?.fieldKind === "list" && outcome?.fieldKind === "list";
  return answersEach && outcome.message && hasErrorOrResult(outcome.message) ? outcome.message : undefined;
}

/**
 * What all requests of a run have in common: all but the channels, which come from the input.
 *
 * @throws PathError naming the field that cannot be sent, as for a broadcast
 */
function sharedFields({ name, rpc }: Method, request: unknown, payload: Payload): Message {
  const given = request as Readonly<Record<string, unknown>> | null | undefined;
  if (given?.channels !== undefined)
    throw new PathError("is not expected; the channels are the first argument", { path: "channels" });
  const message = encodeMessage(rpc.input, request, payload);
  for (const field of requiredFields(name)) {
    if (field !== "channels" && given?.[field] === undefined)
      throw new PathError("is required", { path: field });
  }
  return message;
}

/** @throws PathError naming the channel by its place in the input */
function channelMessage(schema: DescMessage, channel: unknown, index: number, payload: Payload): Message {
  try {
    return encodeMessage(schema, { channels: [channel] }, payload);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw new PathError(error.problem, { path: `channels[${index}]` });
  }
}

/** The outcomes for the channels of a request; where all of it failed, that error for each. */
function outcomesOf(response: Message, schema: DescMessage, count: number): readonly Message[] {
  const { error, result } = fieldsOf(response) as { error?: Message; result?: Message };
  if (error !== undefined) {
    return Array.from({ length: count }, () => Object.assign(create(schema), { error }));
  }
  const responses = result === undefined ? [] : (fieldsOf(result).responses as readonly Message[]);
  if (responses.length !== count) {
    throw decodeFailure(`in the reply, responses: expected ${count} responses, got ${responses.length}`);
  }
  return responses;
}
