import { create } from "@bufbuild/protobuf";
import type { RefreshRequest } from "#api";
import {
  ChannelsRequestSchema,
  ChannelsResultSchema,
  DisconnectRequestSchema,
  DisconnectResultSchema,
  InfoRequestSchema,
  InfoResultSchema,
  PresenceRequestSchema,
  PresenceResultSchema,
  PresenceStatsRequestSchema,
  PresenceStatsResultSchema,
  RefreshRequestSchema,
  RefreshResultSchema,
  RPCRequestSchema,
  SubscribeRequestSchema,
  SubscribeResultSchema,
  UnsubscribeRequestSchema,
  UnsubscribeResultSchema,
} from "#api";
import { badRequest, internalError, notAvailable, notFound } from "../brokers/api-error.ts";
import type { Session } from "../clients/session.ts";
import type { Engine } from "../engine/engine.ts";
import { channelOptions } from "../engine/namespaces.ts";
import { engineMethod } from "./engine-method.ts";
import { compileGlob, GlobError } from "./glob.ts";
import { subscribeSessions } from "./subscribe-sessions.ts";

export const sessionMethods = {
  subscribe: engineMethod(SubscribeRequestSchema, (engine, request) => {
    subscribeSessions(engine, request);
    return create(SubscribeResultSchema);
  }),

  // The server accepts an empty channel: clients get a push with an empty channel, and stay subscribed.
  unsubscribe: engineMethod(UnsubscribeRequestSchema, (engine, request) => {
    const { channel } = request;
    if (channel !== "") channelOptions(engine.options, channel);
    for (const session of engine.clients.select(request)) {
      engine.clients.unsubscribe(session, channel);
      session.inbox.add({ type: "unsubscribe", channel, code: 2000, reason: "server unsubscribe" });
    }
    return create(UnsubscribeResultSchema);
  }),

  disconnect: engineMethod(DisconnectRequestSchema, (engine, request) => {
    let { code, reason } = request.disconnect ?? { code: 3503, reason: "force disconnect" };
    // A close frame cannot carry code 0. The connection just ends, and a WebSocket client reports 1006.
    if (code === 0) [code, reason] = [1006, ""];
    for (const session of engine.clients.select(request)) {
      if (!request.whitelist.includes(session.client)) engine.clients.disconnect(session, code, reason);
    }
    return create(DisconnectResultSchema);
  }),

  refresh: engineMethod(RefreshRequestSchema, (engine, request) => {
    for (const session of engine.clients.select(request)) refreshSession(engine, session, request);
    return create(RefreshResultSchema);
  }),

  presence: engineMethod(PresenceRequestSchema, (engine, { channel }) => {
    if (!channelOptions(engine.options, channel).presence) throw notAvailable();
    return create(PresenceResultSchema, { presence: Object.fromEntries(engine.clients.presence(channel)) });
  }),

  presenceStats: engineMethod(PresenceStatsRequestSchema, (engine, { channel }) => {
    if (!channelOptions(engine.options, channel).presence) throw notAvailable();
    const present = [...engine.clients.presence(channel).values()];
    const numUsers = new Set(present.map(({ user }) => user)).size;
    return create(PresenceStatsResultSchema, { numClients: present.length, numUsers });
  }),

  channels: engineMethod(ChannelsRequestSchema, (engine, { pattern }) => {
    const matches = pattern === "" ? () => true : globOrInternalError(pattern);
    const counts = [...engine.clients.channels()].filter(([channel]) => matches(channel));
    return create(ChannelsResultSchema, {
      channels: Object.fromEntries(counts.map(([channel, numClients]) => [channel, { numClients }])),
    });
  }),

  info: engineMethod(InfoRequestSchema, (engine) =>
    create(InfoResultSchema, { nodes: [engine.node.describe(engine.clients)] }),
  ),

  // The open-source server has no RPC methods.
  rpc: engineMethod(RPCRequestSchema, (_engine, { method }) => {
    throw method === "" ? badRequest() : notFound();
  }),
};

function globOrInternalError(pattern: string): (text: string) => boolean {
  try {
    return compileGlob(pattern);
  } catch (error) {
    throw error instanceof GlobError ? internalError() : error;
  }
}

const yearInSeconds = 365n * 24n * 3600n;

/** Sets or removes the expiry of a connection. Ends the connection if the expiry is past. */
function refreshSession(engine: Engine, session: Session, request: RefreshRequest): void {
  const now = BigInt(Math.floor(engine.clock.now() / 1000));
  const expireAt = request.expireAt > now + yearInSeconds ? now + yearInSeconds : request.expireAt;
  if (request.expired || (expireAt > 0n && expireAt <= now)) {
    engine.clients.disconnect(session, 3005, "connection expired");
    return;
  }
  const expires = expireAt > 0n;
  session.expiresAt = expires ? Number(expireAt) * 1000 : Number.POSITIVE_INFINITY;
  if (expires && request.info.length > 0) session.connInfo = request.info;
  session.inbox.add({ type: "refresh", expires, ttl: expires ? Number(expireAt - now) : 0 });
}
