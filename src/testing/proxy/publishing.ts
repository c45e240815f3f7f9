import { payloadBytes } from "../brokers/payload.ts";
import type { ClientReply } from "../clients/proxied-client.ts";
import { refused } from "../clients/refused-error.ts";
import { fitsFormat } from "../methods/publication-format.ts";
import type { Connection, Gate } from "./gate.ts";
import type { Result } from "./proxy-answer.ts";
import { isAllowed } from "./subscribing.ts";
import { optionsOf, replyOf } from "./subscription-of.ts";

/** Publishes for a client as Centrifugo does. @throws RefusedError */
export async function publishAs(
  gate: Gate,
  connection: Connection,
  channel: string,
  given: unknown,
): Promise<void> {
  const { engine } = gate;
  const { session, streams } = connection;
  const { access, history, publicationDataFormat } = optionsOf(engine, channel);
  const data = payloadBytes(given);
  if (data.length === 0 || !fitsFormat(data, publicationDataFormat)) throw refused(107);
  const event = access?.subscribeEvent;
  if (event !== undefined && event !== "subscribe") {
    const stream = streams.get(channel);
    if (stream === undefined || event !== "subscribeBidirectional") throw refused(108);
    return stream.publish(given);
  }
  const mayPublish =
    engine.options.access?.insecure ||
    isAllowed(session, access?.allowsPublish) ||
    (access?.allowsSubscribersToPublish && session.subscriptions.has(channel));
  if (!access?.asksPublish && !mayPublish) throw refused(103);
  const result: Result = access?.asksPublish
    ? await gate.ask("publish", connection, { channel, data: given })
    : {};
  engine.streams.publish(channel, {
    data: result.data === undefined ? data : payloadBytes(result.data),
    tags: (result.tags ?? {}) as Readonly<Record<string, string>>,
    info: session.info(session.subscriptions.get(channel)?.chanInfo),
    idempotencyKey: String(result.idempotencyKey ?? ""),
    history: result.skipHistory ? undefined : history,
    version: BigInt((result.version ?? 0) as number | bigint),
    epoch: String(result.versionEpoch ?? ""),
  });
}

/** Calls a method for a client. @throws RefusedError */
export async function callMethod(
  gate: Gate,
  connection: Connection,
  method: string,
  data: unknown,
): Promise<ClientReply> {
  const { asksRpc, rpcNamespaces } = gate.engine.options.access ?? {};
  const end = method.indexOf(":");
  const isAsked = end > 0 ? rpcNamespaces?.get(method.slice(0, end)) : asksRpc;
  if (isAsked === undefined) throw refused(104);
  if (!isAsked) throw refused(108);
  return replyOf(await gate.ask("rpc", connection, { method, data }));
}
