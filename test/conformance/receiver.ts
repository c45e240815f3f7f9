import { createHmac } from "node:crypto";
import type { ClientInfo, PublicationContext } from "centrifuge";
import { Centrifuge } from "centrifuge";
import { Inbox } from "../../src/testing/clients/inbox.ts";
import type { Push, PushOf, PushType, TestServer } from "../../src/testing/index.ts";

/** A connected client of the embedded server or a real one, with its pushes. */
export interface Receiver {
  /** The id of the connection. */
  readonly client: string;
  /** Waits for the next push of a type. */
  next<T extends PushType>(type: T): Promise<PushOf<T>>;
  close(): void;
}

/** A client in the memory of the embedded server. */
export function connectEmbedded(server: TestServer, user: string, channels: readonly string[]): Receiver {
  const connected = server.connect({ user, channels });
  return {
    client: connected.client,
    next: (type) => connected.next(type),
    close: () => connected.disconnect(),
  };
}

/** The secret for tokens in config.json and in the recordings. */
const tokenSecret = "secret";
const timeoutMs = 5_000;

/** The address for the official client. */
export const webSocketUrl = (httpUrl: string) =>
  httpUrl.replace(/^http/, "ws").replace(/\/api$/, "/connection/websocket");

/** The official client over a WebSocket. Its events become pushes of `tscent/testing`. */
export async function connectOverWebSocket(
  httpUrl: string,
  user: string,
  channels: readonly string[],
): Promise<Receiver> {
  const url = webSocketUrl(httpUrl);
  const centrifuge = new Centrifuge(url, { token: signToken({ sub: user }), websocket: WebSocket });
  const inbox = new Inbox();
  const connected = new Promise<string>((resolve, reject) => {
    centrifuge.on("connected", ({ client }) => resolve(client));
    centrifuge.on("disconnected", ({ code, reason }) => reject(new Error(`disconnected: ${code} ${reason}`)));
  });
  // These events come from subscriptions by the server. `subscribe` listens to the client's own subscriptions.
  centrifuge.on("publication", (publication) => inbox.add(publicationPush(publication)));
  centrifuge.on("join", ({ channel, info }) => inbox.add({ type: "join", channel, info: clientInfo(info) }));
  centrifuge.on("leave", ({ channel, info }) =>
    inbox.add({ type: "leave", channel, info: clientInfo(info) }),
  );
  centrifuge.on("subscribed", ({ channel, positioned, recoverable, streamPosition, data }) =>
    inbox.add({
      ...{ type: "subscribe", channel, positioned, recoverable },
      ...(data === undefined ? {} : { data }),
      ...{ offset: streamPosition?.offset ?? 0, epoch: streamPosition?.epoch ?? "" },
    }),
  );
  // The official client does not give the code, which is always 2000.
  centrifuge.on("unsubscribed", ({ channel }) =>
    inbox.add({ type: "unsubscribe", channel, code: 2000, reason: "server unsubscribe" }),
  );
  // Otherwise the client connects again, or reports this very disconnect.
  const ended = ({ code, reason }: { code: number; reason: string }) => {
    centrifuge.off("connecting", ended).off("disconnected", ended).disconnect();
    inbox.add({ type: "disconnect", code, reason });
  };
  centrifuge.connect();
  const client = await connected;
  centrifuge.on("connecting", ended);
  centrifuge.on("disconnected", ended);
  for (const channel of channels) await subscribe(centrifuge, channel, inbox);
  return {
    client,
    next: async <T extends PushType>(type: T) => {
      const push = await inbox.next((candidate) => candidate.type === type, type, timeoutMs);
      return push as PushOf<T>;
    },
    close: () => centrifuge.disconnect(),
  };
}

async function subscribe(centrifuge: Centrifuge, channel: string, inbox: Inbox): Promise<void> {
  const subscription = centrifuge.newSubscription(channel);
  subscription.on("publication", (publication) => inbox.add(publicationPush(publication)));
  subscription.on("join", ({ info }) => inbox.add({ type: "join", channel, info: clientInfo(info) }));
  subscription.on("leave", ({ info }) => inbox.add({ type: "leave", channel, info: clientInfo(info) }));
  subscription.subscribe();
  await subscription.ready(timeoutMs);
  subscription.on("unsubscribed", ({ code, reason }) =>
    inbox.add({ type: "unsubscribe", channel, code, reason }),
  );
}

function publicationPush({ channel, data, offset = 0, tags = {}, info }: PublicationContext): Push {
  return {
    ...{ type: "publication", channel, data, offset, tags },
    ...(info === undefined ? {} : { info: clientInfo(info) }),
  };
}

function clientInfo({ user, client, connInfo, chanInfo }: ClientInfo) {
  return {
    ...{ user, client },
    ...(connInfo === undefined ? {} : { connInfo }),
    ...(chanInfo === undefined ? {} : { chanInfo }),
  };
}

/** A connection token, signed with HS256. */
export function signToken(claims: { readonly sub: string }): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", tokenSecret).update(signed).digest("base64url")}`;
}
