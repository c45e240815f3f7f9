import { randomUUID } from "node:crypto";
import { payloadBytes } from "../brokers/payload.ts";
import { ProxiedClient } from "../clients/proxied-client.ts";
import { disconnected, refused } from "../clients/refused-error.ts";
import { Session } from "../clients/session.ts";
import { findChannelOptions } from "../engine/namespaces.ts";
import type { Connection, Gate } from "./gate.ts";
import type { Result } from "./proxy-answer.ts";
import { callMethod, publishAs } from "./publishing.ts";
import { subscribeTo } from "./subscribing.ts";
import { expiryOf, subscriptionOf } from "./subscription-of.ts";
import { tokenResult } from "./token-result.ts";

/** Options of `connect`, where the server has a proxy. */
export interface ProxiedConnectOptions {
  /** A token, which the server's `tokens` verify. The handler of `connect` is not asked then. */
  readonly token?: string | undefined;
  /** Connects this user as with a token, so that the handler of `connect` is not asked. */
  readonly user?: string | undefined;
  /** The connection's info, with `user` only: a JSON value, or a Uint8Array as it is. */
  readonly info?: unknown;
  /** Channels to subscribe to with `user`; without it, the handler of `connect` gets them. */
  readonly channels?: readonly string[] | undefined;
  /** The id of the connection. Default: a new UUID. */
  readonly client?: string | undefined;
  /** Data for the handler of `connect`. */
  readonly data?: unknown;
  /** The name of the client's SDK or program, for the handler of `connect`. */
  readonly name?: string | undefined;
  /** The version of the client's program, for the handler of `connect`. */
  readonly version?: string | undefined;
  /** The headers of the connection that Centrifugo passes on to each handler. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Connects a client as Centrifugo does: by a token or by the proxy. @throws RefusedError */
export async function connectTo(gate: Gate, options: ProxiedConnectOptions = {}): Promise<ProxiedClient> {
  const { client = randomUUID(), headers } = options;
  const { engine } = gate;
  const { user = "", info, data, meta, expireAt, ...result } = await identityOf(gate, client, options);
  const subs = subscriptionsOf(result);
  for (const [channel] of subs)
    if (findChannelOptions(engine.options, channel) === undefined) throw refused(102);
  const expiresAt = expiryOf(engine, expireAt);
  const session = new Session(String(user), client, payloadBytes(info));
  session.expiresAt = expiresAt;
  engine.clients.add(session);
  for (const [channel, given] of subs)
    engine.clients.subscribe(session, channel, subscriptionOf(engine, channel, given));
  const connection: Connection = { session, headers, meta, streams: new Map() };
  return new ProxiedClient(session, engine.clients, data, {
    subscribe: (channel, asked) => subscribeTo(gate, connection, channel, asked),
    publish: (channel, published) => publishAs(gate, connection, channel, published),
    rpc: (method, given) => callMethod(gate, connection, method, given),
  });
}

async function identityOf(gate: Gate, client: string, options: ProxiedConnectOptions): Promise<Result> {
  const { token, user, info, channels, data, name, version, headers } = options;
  const { access } = gate.engine.options;
  if (token !== undefined)
    return tokenResult("connect", gate.tokens, token, disconnected(3500, "invalid token"));
  if (user !== undefined) return { user, info, channels };
  if (access?.asksConnect) return gate.askConnect({ client, data, name, version, channels }, headers);
  if (access?.allowsAnonymous || access?.insecure) return { user: "" };
  throw disconnected(3501, "bad request");
}

/** The channels of a new connection, each with its options. `subs` replaces `channels`. */
function subscriptionsOf({ subs, channels = [] }: Result): readonly (readonly [channel: string, Result])[] {
  const all = subs ?? Object.fromEntries((channels as readonly string[]).map((channel) => [channel, {}]));
  return (
    Object.entries(all as Readonly<Record<string, Result>>)
      // Centrifugo skips an empty name, and no such subscription expires.
      .filter(([channel]) => channel !== "")
      .map(([channel, { expireAt: _expireAt, ...options }]) => [channel, options] as const)
  );
}
