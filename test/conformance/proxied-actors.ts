import { Centrifuge } from "centrifuge";
import { expect } from "vitest";
import type { ProxiedTestServer, RefusedError } from "../../src/testing/index.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";

/** The data or the refusal that a client saw. */
export type Outcome = { readonly data?: unknown; readonly code?: number; readonly message?: string };

/** One client, of either server. */
export interface Actor {
  connect(how: { readonly data?: unknown; readonly token?: string }): Promise<Outcome>;
  subscribe(channel: string, how?: { readonly data?: unknown; readonly token?: string }): Promise<Outcome>;
  publish(channel: string, data: unknown): Promise<Outcome>;
  rpc(method: string, data?: unknown): Promise<Outcome>;
  /** The next publication of a channel, or the end of the subscription. */
  next(channel: string): Promise<Outcome>;
  close(): void;
}

const refusal = (error: unknown): Outcome => {
  const { code, message } = error as RefusedError;
  if (typeof code !== "number") throw error;
  return { code, message };
};
const withData = ({ data }: { data?: unknown } = {}): Outcome => (data === undefined ? {} : { data });

/** A client in the memory of the embedded server. */
export function embeddedActor(server: ProxiedTestServer): Actor {
  let client: Awaited<ReturnType<ProxiedTestServer["connect"]>>;
  return {
    async connect(how) {
      try {
        client = await server.connect(how);
        return withData(client);
      } catch (error) {
        return refusal(error);
      }
    },
    subscribe: (channel, how) => client.subscribe(channel, how).then(withData, refusal),
    publish: (channel, data) => client.publish(channel, data).then(() => ({}), refusal),
    rpc: (method, data) => client.rpc(method, data).then(withData, refusal),
    async next(channel) {
      const push = await client.next((one) => "channel" in one && one.channel === channel);
      return push.type === "unsubscribe"
        ? { code: push.code, message: push.reason }
        : withData(push as Outcome);
    },
    close: () => client?.disconnect(),
  };
}

/** The official client of a real server. */
export function officialActor({ webSocketUrl }: UnchangedCentrifugo): Actor {
  let centrifuge: Centrifuge;
  let cutOff: (outcome: Outcome) => void;
  const inbox: { readonly channel: string; readonly outcome: Outcome }[] = [];
  return {
    connect({ data, token }) {
      centrifuge = new Centrifuge(webSocketUrl, { data, token: token ?? "", websocket: WebSocket });
      return new Promise((resolve) => {
        centrifuge.on("connected", (context) => resolve(withData(context)));
        cutOff = resolve;
        centrifuge.on("disconnected", ({ code, reason }) => cutOff({ code, message: reason }));
        centrifuge.connect();
      });
    },
    subscribe(channel, { data, token } = {}) {
      const make = channel.startsWith("map:") ? "newMapSubscription" : "newSubscription";
      const subscription = centrifuge[make](channel, {
        data,
        ...(token && { token, getToken: async () => token }),
      });
      subscription.on("publication", (publication) =>
        inbox.push({ channel, outcome: withData(publication) }),
      );
      return new Promise((resolve) => {
        let isSubscribed = false;
        const end = (code: number, message: string) => {
          if (isSubscribed) inbox.push({ channel, outcome: { code, message } });
          resolve({ code, message });
        };
        subscription.on("subscribed", (context) => {
          isSubscribed = true;
          resolve(withData(context));
        });
        subscription.on("error", ({ error }) => resolve({ code: error.code, message: error.message }));
        subscription.on("subscribing", ({ code, reason }) => isSubscribed && end(code, reason));
        subscription.on("unsubscribed", ({ code, reason }) => end(code, reason));
        cutOff = resolve;
        subscription.subscribe();
      });
    },
    publish: (channel, data) => centrifuge.publish(channel, data).then(() => ({}), refusal),
    rpc: (method, data) => centrifuge.rpc(method, data).then(withData, refusal),
    async next(channel) {
      await expect.poll(() => inbox.some((one) => one.channel === channel), { timeout: 3_000 }).toBe(true);
      const at = inbox.findIndex((one) => one.channel === channel);
      return inbox.splice(at, 1)[0]?.outcome ?? {};
    },
    close: () => centrifuge?.disconnect(),
  };
}
