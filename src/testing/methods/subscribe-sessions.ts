import type { SubscribeRequest } from "#api";
import { internalError } from "../brokers/api-error.ts";
import { decodePayload, payloadValue } from "../brokers/payload.ts";
import type { SubscribePush } from "../clients/push.ts";
import type { ChannelOptions } from "../config/server-options.ts";
import type { Engine } from "../engine/engine.ts";
import { channelOptions } from "../engine/namespaces.ts";

/** Subscribes the connections that a request selects, in any type of namespace. */
export function subscribeSessions(engine: Engine, request: SubscribeRequest): void {
  const { channel, override, expireAt } = request;
  const options = channelOptions(engine.options, channel);
  const data = decodePayload(request.data, request.b64data);
  const chanInfo = decodePayload(request.info, request.b64info);
  const sessions = engine.clients.select(request);
  if (expireAt > 0n && expireAt <= BigInt(Math.floor(engine.clock.now() / 1000))) {
    // The server then drops an earlier subscription of the session, but not its presence.
    for (const session of sessions) session.subscriptions.delete(channel);
    if (sessions.length > 0) throw internalError();
    return;
  }
  for (const session of sessions) {
    const subscription = {
      chanInfo,
      emitPresence: override?.presence?.value ?? options.presence,
      emitJoinLeave: override?.joinLeave?.value ?? options.joinLeave,
      pushJoinLeave: override?.forcePushJoinLeave?.value ?? options.forcePushJoinLeave,
      expiresAt: expireAt > 0n ? Number(expireAt) * 1000 : Number.POSITIVE_INFINITY,
    };
    engine.clients.subscribe(session, channel, subscription, {
      type: "subscribe",
      channel,
      ...(data.length === 0 ? {} : { data: payloadValue(data) }),
      ...subscribePosition(engine, request, options),
    });
  }
}

type Position = Pick<SubscribePush, "positioned" | "recoverable" | "offset" | "epoch">;

/** The subscription's start. If the history no longer has `recoverSince`, that is the history's end, and no error. */
function subscribePosition(engine: Engine, request: SubscribeRequest, options: ChannelOptions): Position {
  const { channel, override, recoverSince: since } = request;
  const recoverable = override?.forceRecovery?.value ?? options.forceRecovery;
  const positioned = recoverable || (override?.forcePositioning?.value ?? options.forcePositioning);
  if (!positioned) return { positioned, recoverable, offset: 0, epoch: "" };
  const stream = engine.streams.stream(channel, options.historyMetaTtlMs);
  const { offset, epoch } = stream.position;
  if (recoverable && since !== undefined && (since.epoch === "" || since.epoch === epoch)) {
    const [first] = stream.itemsSince(since.offset, 1, false);
    const isComplete = first === undefined ? offset === since.offset : first.offset === since.offset + 1n;
    if (isComplete) return { positioned, recoverable, offset: Number(since.offset), epoch };
  }
  return { positioned, recoverable, offset: Number(offset), epoch };
}
