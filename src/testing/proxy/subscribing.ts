import { payloadBytes } from "../brokers/payload.ts";
import type { ClientReply, ClientSubscribeOptions } from "../clients/proxied-client.ts";
import { refused } from "../clients/refused-error.ts";
import type { Session, Subscription } from "../clients/session.ts";
import type { Allowed } from "../config/client-access.ts";
import type { ChannelOptions } from "../config/server-options.ts";
import type { Engine } from "../engine/engine.ts";
import { findChannelOptions } from "../engine/namespaces.ts";
import type { Connection, Gate } from "./gate.ts";
import type { Result } from "./proxy-answer.ts";
import { ProxyStatusError } from "./proxy-caller.ts";
import type { OpenedStream } from "./proxy-stream.ts";
import { tokenResult } from "./token-result.ts";

/** Subscribes a client as Centrifugo does: by a token, the channel's name, the proxy or the namespace. @throws RefusedError */
export async function subscribeTo(
  gate: Gate,
  connection: Connection,
  channel: string,
  { data, token }: ClientSubscribeOptions,
): Promise<ClientReply> {
  const { engine } = gate;
  const { session, streams } = connection;
  const options = optionsOf(engine, channel);
  if (session.subscriptions.has(channel)) throw refused(105);
  const { subscribeEvent: event } = options.access ?? {};
  const isAsked = token === undefined && event !== undefined && !isOwn(engine, channel);
  if (isAsked && event !== "subscribe") {
    const stream = await gate.open(event, connection, { channel, data });
    const result = stream.answer.result as Result;
    const onEnd = () => {
      streams.delete(channel);
      stream.close();
    };
    streams.set(channel, stream);
    engine.clients.subscribe(session, channel, { ...subscriptionOf(engine, channel, result), onEnd });
    deliver(engine, session, channel, stream);
    return replyOf(result);
  }
  const result = isAsked
    ? await gate.ask(event, connection, { channel, data })
    : await allowed(gate, session, channel, options, token);
  // Centrifugo 6.9.1 cannot subscribe clients to maps by its proxy.
  if (isAsked && options.subscriptionType.startsWith("map")) throw refused(107);
  engine.clients.subscribe(session, channel, subscriptionOf(engine, channel, result));
  return replyOf(result);
}

/** A subscription with the options of a result. @throws RefusedError 110 for one that has expired */
export function subscriptionOf(engine: Engine, channel: string, result: Result): Subscription {
  const { presence, joinLeave, forcePushJoinLeave } = optionsOf(engine, channel);
  const override = (result.override ?? {}) as Readonly<Record<string, boolean | undefined>>;
  return {
    chanInfo: payloadBytes(result.info),
    emitPresence: override.presence ?? presence,
    emitJoinLeave: override.joinLeave ?? joinLeave,
    pushJoinLeave: override.forcePushJoinLeave ?? forcePushJoinLeave,
    expiresAt: expiryOf(engine, result.expireAt),
  };
}

/** The milliseconds of a time in seconds; Infinity for none. @throws RefusedError 110 for a time that is past */
export function expiryOf({ clock }: Engine, expireAt: unknown): number {
  const expiresAt = Number(expireAt ?? 0) * 1000;
  if (expiresAt <= 0) return Number.POSITIVE_INFINITY;
  if (expiresAt <= clock.now()) throw refused(110);
  return expiresAt;
}

/** The options of a client's channel. @throws RefusedError 107 for an empty name, 102 for an unknown namespace */
export function optionsOf({ options }: Engine, channel: string): ChannelOptions {
  if (channel === "") throw refused(107);
  const found = findChannelOptions(options, channel);
  if (found === undefined) throw refused(102);
  return found;
}

/** Whether a client may do something without a question. */
export function isAllowed({ user }: Session, allowed: Allowed | undefined): boolean {
  return allowed === "everybody" || (allowed === "users" && user !== "");
}

/** Whether tokens or names decide about a channel, so that Centrifugo never asks. */
const isOwn = ({ options }: Engine, channel: string) =>
  channel.includes("#") || channel.startsWith(options.privatePrefix);

async function allowed(
  { engine, tokens }: Gate,
  session: Session,
  channel: string,
  { access }: ChannelOptions,
  token: string | undefined,
): Promise<Result> {
  if (token !== undefined) {
    const result = await tokenResult("subscribe", tokens, token, refused(103));
    if (result.channel !== channel || (result.sub ?? "") !== session.user) throw refused(103);
    return result;
  }
  const [, users] = /#([^#]*)$/.exec(channel) ?? [];
  const isListed = users?.split(",").includes(session.user);
  const isFree = engine.options.access?.insecure || isAllowed(session, access?.allowsSubscribe);
  if (isListed || (isFree && !isOwn(engine, channel))) return {};
  throw refused(103);
}

const replyOf = ({ data }: Result): ClientReply => (data === undefined ? {} : { data });

/** Sends a stream's publications to its client, until either of them ends. */
async function deliver(
  { clients }: Engine,
  session: Session,
  channel: string,
  { publications }: OpenedStream,
): Promise<void> {
  const subscription = session.subscriptions.get(channel);
  let end = { code: 2000, reason: "server unsubscribe" };
  try {
    for await (const { data, tags = {} } of publications)
      session.inbox.add({ type: "publication", channel, data, offset: 0, tags });
  } catch (error) {
    if (!(error instanceof ProxyStatusError)) throw error;
    end = { code: 2500, reason: "insufficient state" };
  }
  if (session.subscriptions.get(channel) !== subscription) return;
  clients.unsubscribe(session, channel);
  session.inbox.add({ type: "unsubscribe", channel, ...end });
}
