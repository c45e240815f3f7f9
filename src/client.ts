import type { DescService } from "@bufbuild/protobuf";
import { CentrifugoApi } from "../gen/centrifugal/centrifugo/api/api_pb.ts";
import { createBatching } from "./batching/batching.ts";
import { createCall } from "./call.ts";
import type { CallOptions } from "./call-options.ts";
import { checkOptions } from "./check-options.ts";
import { Deadlines } from "./deadlines.ts";
import type { Int64 } from "./integers.ts";
import { createLifetime } from "./lifetime.ts";
import { createBroadcastMany } from "./many/many-channels.ts";
import { createPublishMany } from "./many/many-publications.ts";
import { methodTable } from "./methods.ts";
import { openTransport } from "./open-transport.ts";
import type { ClientOptions } from "./options.ts";
import { createPayload } from "./payload.ts";
import { createSend } from "./send.ts";
import type { DefaultService } from "./service-types.ts";
import type { CentClient } from "./types.ts";

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
