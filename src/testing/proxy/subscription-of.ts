import { payloadBytes } from "../brokers/payload.ts";
import type { ClientReply } from "../clients/proxied-client.ts";
import { refused } from "../clients/refused-error.ts";
import type { Subscription } from "../clients/session.ts";
import type { ChannelOptions } from "../config/server-options.ts";
import type { Engine } from "../engine/engine.ts";
import { findChannelOptions } from "../engine/namespaces.ts";
import type { Result } from "./proxy-answer.ts";

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

/** The data of a result, for the client. */
export const replyOf = ({ data }: Result): ClientReply => (data === undefined ? {} : { data });
