import type { DescService } from "@bufbuild/protobuf";
import type { Execute } from "../call/call.ts";
import { createCall } from "../call/call.ts";
import { CallsUnderWay } from "../call/calls-under-way.ts";
import { Retries } from "../call/retries.ts";
import { createSend } from "../call/send.ts";
import { createWalker } from "../call/walker.ts";
import type { DefinedChannels } from "../channels/define-channels.ts";
import { createChannelChecks } from "../codec/channel-checks.ts";
import type { Int64 } from "../codec/integers.ts";
import { createPayload } from "../codec/payload.ts";
import { SentSecrets } from "../errors/hide-secret.ts";
import type { EndableWork } from "../limits/run-within.ts";
import { createBatching } from "../many-calls/batching/batching.ts";
import { createBroadcastMany } from "../many-calls/runs/broadcast-many.ts";
import { createPublishMany } from "../many-calls/runs/publish-many.ts";
import { authorization } from "../options/authorization.ts";
import type { AnyOptions } from "../options/check-client-options.ts";
import { checkClientOptions } from "../options/check-client-options.ts";
import type { ClientOptions, TransportOptions } from "../options/client-options.ts";
import { checkCloseOptions } from "../options/close-options.ts";
import { centrifugoApi } from "../schema/default-api.ts";
import { methodTable } from "../schema/method-table.ts";
import { isReservedName } from "../schema/reserved-names.ts";
import type { DefaultService } from "../schema/service-types.ts";
import { logCalls } from "../tracing/debug-log.ts";
import type { ChannelClient } from "./channel-client.ts";
import { keepService } from "./client-service.ts";
import type { CentClient } from "./client-types.ts";
import { openTransport } from "./open-transport.ts";
import { tracedServer } from "./traced-server.ts";

/**
 * Creates a client of Centrifugo's server API. The first call opens a connection, later calls reuse it: create one
 * client for each server, and share it.
 *
 * @throws TypeError naming the wrong option, and what was expected
 */
export function createClient<
  Defined extends DefinedChannels,
  Service extends DescService = DefaultService,
  const Mode extends Int64 = "number",
>(
  options: (ClientOptions<Service, Mode> | TransportOptions<Service, Mode>) & { readonly channels: Defined },
): ChannelClient<Defined, Service, Mode>;
export function createClient<
  Service extends DescService = DefaultService,
  const Mode extends Int64 = "number",
>(options: ClientOptions<Service, Mode> | TransportOptions<Service, Mode>): CentClient<Service, Mode>;
// TypeScript's errors are about the last overload. A call without `url` and `transport` most likely lacks `url`.
export function createClient<
  Service extends DescService = DefaultService,
  const Mode extends Int64 = "number",
>(options: ClientOptions<Service, Mode>): CentClient<Service, Mode>;
export function createClient(options: AnyOptions): object {
  const checked = checkClientOptions(options);
  logCalls();
  const { batching, target, int64, timeoutMs, retry, headers } = checked;
  const { transport, close: closeTransport } = openTransport(checked);
  const table = methodTable(checked.service ?? centrifugoApi());
  const payload = createPayload(checked.json);
  const checks = checked.channels && createChannelChecks(checked.channels, table, payload);
  const secrets = new SentSecrets();
  const walker = createWalker(table, { payload, int64, secrets, checks });
  const authorize = authorization(checked.apiKey, checked.bearerToken);
  const waits = new Set<EndableWork>();
  const retries = new Retries(table, waits);
  const send = createSend({ table, transport, headers, authorize, secrets, retries, waits });
  const alone: Execute = (method, message, limits) =>
    send(method, message, limits).then((reply) => walker.result(method, message, reply));
  // A caller's transport counts as one that reads only JSON replies: the client cannot tell.
  const jsonReplies = "unary" in target || target.protocol === "http";
  const underWay = new CallsUnderWay();
  const server = tracedServer(target);
  const base = { table, payload, checks, timeoutMs, retry, underWay, secrets, server };
  const context = { ...base, send, walker, authorize, waits };
  const execute = batching ? createBatching({ ...context, alone, jsonReplies }, batching) : alone;
  const call = createCall(context, execute);
  const methods = table.methods
    .filter(({ name }) => !isReservedName(name))
    .map((method) => [method.name, call(method)]);
  const many = { publishMany: createPublishMany(context), broadcastMany: createBroadcastMany(context) };
  const made = Object.entries(many).filter(([, start]) => start !== undefined);
  const close = async (closing?: object) => {
    await underWay.end(checkCloseOptions(closing));
    try {
      const closed = closeTransport();
      retries.end();
      await closed;
    } finally {
      underWay.closed.resolve();
    }
  };
  const dispose = () => close();
  const client = { ...Object.fromEntries([...made, ...methods]), close, [Symbol.asyncDispose]: dispose };
  return keepService(client, table.service);
}
