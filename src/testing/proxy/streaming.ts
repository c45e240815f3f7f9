import type { ClientReply } from "../clients/proxied-client.ts";
import type { Session } from "../clients/session.ts";
import type { Engine } from "../engine/engine.ts";
import type { Connection, Gate } from "./gate.ts";
import type { Result } from "./proxy-answer.ts";
import { ProxyStatusError } from "./proxy-caller.ts";
import type { OpenedStream } from "./proxy-stream.ts";
import { replyOf, subscriptionOf } from "./subscription-of.ts";

/** Subscribes a client to a stream of the proxy, which ends with the subscription. @throws RefusedError */
export async function subscribeToStream(
  gate: Gate,
  connection: Connection,
  event: string,
  request: { readonly channel: string; readonly data: unknown },
): Promise<ClientReply> {
  const { engine } = gate;
  const { session, streams } = connection;
  const { channel } = request;
  const stream = await gate.open(event, connection, request);
  try {
    const result = stream.answer.result as Result;
    const onEnd = () => {
      streams.delete(channel);
      stream.close();
    };
    engine.clients.subscribe(session, channel, { ...subscriptionOf(engine, channel, result), onEnd });
    streams.set(channel, stream);
    deliver(engine, session, channel, stream);
    return replyOf(result);
  } catch (error) {
    stream.close();
    throw error;
  }
}

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
