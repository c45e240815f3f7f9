import type { Options, Subscription } from "centrifuge";
import { Centrifuge } from "centrifuge";
import { expect, vi } from "vitest";

/** The official client or one of its subscriptions, with the list of its events: a name, and what came with it. */
export interface Watched<Watch> {
  readonly of: Watch;
  readonly events: (readonly [name: string, context: unknown])[];
  /** Waits for an event with at least these members. */
  sees(name: string, context?: object, timeoutMs?: number): Promise<void>;
}

/** Connects the official client, which shows data to the proxy. It ends with `disconnect()`. */
export function connectTo(webSocketUrl: string, options: Partial<Options> = {}): Watched<Centrifuge> {
  const centrifuge = new Centrifuge(webSocketUrl, {
    websocket: WebSocket,
    minReconnectDelay: 50,
    ...options,
  });
  const client = watch(centrifuge, ["connecting", "connected", "disconnected", "error"]);
  centrifuge.connect();
  return client;
}

/** Subscribes a client to a channel. */
export function subscribeTo(
  { of: centrifuge }: Watched<Centrifuge>,
  channel: string,
  data?: unknown,
): Watched<Subscription> {
  const subscription = centrifuge.newSubscription(channel, { data, minResubscribeDelay: 50 });
  const watched = watch(subscription, subscriptionEvents);
  subscription.subscribe();
  return watched;
}

const subscriptionEvents = ["subscribing", "subscribed", "unsubscribed", "publication", "error"];

/** Lists the events of anything that emits them. */
export function watch<Watch>(of: Watch, names: readonly string[]): Watched<Watch> {
  const events: (readonly [string, unknown])[] = [];
  const emitter = of as { on(name: string, listener: (context: unknown) => void): unknown };
  for (const name of names) emitter.on(name, (context) => events.push([name, context]));
  return {
    of,
    events,
    sees: (name, context = {}, timeout = 5_000) =>
      vi.waitFor(() => expect(events).toContainEqual([name, expect.objectContaining(context)]), {
        timeout,
        interval: 10,
      }),
  };
}
