import type { DescService } from "@bufbuild/protobuf";
import { CentrifugoApi } from "#api";
import { createCall } from "../call/call.ts";
import { createLifetime } from "../call/calls-under-way.ts";
import { createSend } from "../call/send.ts";
import type { Int64 } from "../codec/integers.ts";
import { createPayload } from "../codec/payload.ts";
import { Deadlines } from "../limits/deadlines.ts";
import { createBatching } from "../many-calls/batching/batching.ts";
import { createBroadcastMany } from "../many-calls/runs/many-channels.ts";
import { createPublishMany } from "../many-calls/runs/many-publications.ts";
import type { CallOptions } from "../options/call-options.ts";
import { checkOptions } from "../options/check-client-options.ts";
import type { ClientOptions } from "../options/client-options.ts";
import { methodTable } from "../schema/method-table.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { CentClient } from "./client-types.ts";
import { openTransport } from "./open-transport.ts";

/**
 * Creates a client of Centrifugo's server API. It connects with the first call and keeps its connections for the next
 * ones: create one for each server, and share it.
 *
 * @throws TypeError naming the option that is not as it must be, and what was expected
 */
export function createClient<
  Service extends DescService = DefaultService,
  const Mode extends Int64 = "number",
>(options: ClientOptions<Service, Mode>): CentClient<Service, Mode> {
  const checked = checkOptions(options);
  const table = methodTable(checked.service ?? CentrifugoApi);
  const deadlines = new Deadlines();
  const { transport, close: closeTransport } = openTransport(checked, deadlines);
  const alone = createSend(transport, checked, deadlines);
  const { batching, target } = checked;
  // What replies a caller's own transport takes is not known.
  const jsonReplies = "unary" in target || target.protocol === "http";
  const send =
    batching === undefined ? alone : createBatching(table, alone, batching, jsonReplies, deadlines);
  const lifetime = createLifetime();
  const call = createCall(table, send, checked, lifetime);
  const methods = table.methods.map((method) => [
    method.name,
    (request?: unknown, callOptions?: CallOptions) => call(method, request, callOptions),
  ]);
  const close = async () => {
    await lifetime.end();
    deadlines.close();
    await closeTransport();
  };
  const results = { payload: createPayload(checked.json), int64: checked.int64 };
  const context = { table, send: alone, results, timeoutMs: checked.timeoutMs, lifetime };
  const many = { publishMany: createPublishMany(context), broadcastMany: createBroadcastMany(context) };
  const made = Object.entries(many).filter(([, start]) => start !== undefined);
  return { ...Object.fromEntries([...made, ...methods]), close, [Symbol.asyncDispose]: close };
}
