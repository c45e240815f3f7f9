import type { ClientReply, ClientSubscribeOptions } from "../clients/proxied-client.ts";
import { disconnected, refused } from "../clients/refused-error.ts";
import type { Session } from "../clients/session.ts";
import type { Allowed } from "../config/client-access.ts";
import type { ChannelOptions } from "../config/server-options.ts";
import type { Engine } from "../engine/engine.ts";
import type { Connection, Gate } from "./gate.ts";
import type { Result } from "./proxy-answer.ts";
import { subscribeToStream } from "./streaming.ts";
import { optionsOf, replyOf, subscriptionOf } from "./subscription-of.ts";
import { tokenResult } from "./token-result.ts";

/** Subscribes a client as Centrifugo does: by a token, the channel's name, the proxy or the namespace. @throws RefusedError */
export async function subscribeTo(
  gate: Gate,
  connection: Connection,
  channel: string,
  { data, token }: ClientSubscribeOptions,
): Promise<ClientReply> {
  const { engine } = gate;
  const { session } = connection;
  const options = optionsOf(engine, channel);
  if (session.subscriptions.has(channel)) throw refused(105);
  const { subscribeEvent: event } = options.access ?? {};
  const isAsked = token === undefined && event !== undefined && !isOwn(engine, channel);
  if (isAsked && event !== "subscribe") return subscribeToStream(gate, connection, event, { channel, data });
  const result = isAsked
    ? await gate.ask(event, connection, { channel, data })
    : await allowed(gate, session, channel, options, token);
  // Centrifugo 6.9.1 cannot subscribe clients to maps by its proxy.
  if (isAsked && options.subscriptionType.startsWith("map")) throw refused(107);
  engine.clients.subscribe(session, channel, subscriptionOf(engine, channel, result));
  return replyOf(result);
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
    if (result.channel === channel && (result.sub ?? "") === session.user) return result;
    engine.clients.disconnect(session, 3500, "invalid token");
    throw disconnected(3500, "invalid token");
  }
  const [, users] = /#([^#]*)$/.exec(channel) ?? [];
  const isListed = users?.split(",").includes(session.user);
  const isFree = engine.options.access?.insecure || isAllowed(session, access?.allowsSubscribe);
  if (isListed || (isFree && !isOwn(engine, channel))) return {};
  throw refused(103);
}
