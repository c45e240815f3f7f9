import { Centrifuge } from "centrifuge";
import { describe, expect, inject, test } from "vitest";
import type { Chat } from "../harness/chat-programs.ts";
import { startChat } from "../harness/chat-programs.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { whyNotReal } from "./servers.ts";

// Centrifugo has the configuration that a chat of examples/ prints. Its clients are the official ones.

const obstacle = whyNotReal("a configuration of its own");
const title = `the chats and a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`;

function startCentrifugo({ config }: Chat) {
  const { location } = inject("realServer");
  if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
  return startCentrifugoUnchanged(location.binary, JSON.stringify(config));
}

/** A browser's WebSocket, which sends the cookies of the page. */
const webSocketWith = (cookie: string) =>
  class extends WebSocket {
    constructor(url: string) {
      super(url, { headers: { cookie } } as never);
    }
  };

/** A client of a user who is signed in, as a page of the chat makes it. */
function clientOf({ url, config }: Chat, webSocketUrl: string, cookie: string): Centrifuge {
  const websocket = webSocketWith(cookie);
  return config.client.proxy !== undefined
    ? new Centrifuge(webSocketUrl, { websocket })
    : new Centrifuge(webSocketUrl, { websocket, getToken: () => tokenOf(url, cookie) });
}

async function tokenOf(url: string, cookie: string, channel?: string): Promise<string> {
  const response = await fetch(`${url}/token`, {
    ...{ method: "POST", headers: { cookie }, body: JSON.stringify({ channel }) },
  });
  if (response.status === 403) throw new Centrifuge.UnauthorizedError("not allowed");
  return ((await response.json()) as { token: string }).token;
}

function subscribe(client: Centrifuge, channel: string, { url, config }: Chat, cookie: string) {
  const isAsked = config.client.proxy !== undefined;
  const options = isAsked ? {} : { getToken: () => tokenOf(url, cookie, channel) };
  const subscription = client.newSubscription(channel, options);
  subscription.subscribe();
  return subscription;
}

describe.skipIf(obstacle !== "").each(["express", "hono", "next"] as const)(
  `examples/%s: ${title}`,
  (name) => {
    test("a message reaches the other user; an unknown room and a stranger are refused", async () => {
      await using chat = await startChat(name);
      await using server = await startCentrifugo(chat);
      const cookies = { ann: await chat.logIn("ann"), bob: await chat.logIn("bob") };
      const ann = clientOf(chat, server.webSocketUrl, cookies.ann);
      const bob = clientOf(chat, server.webSocketUrl, cookies.bob);
      const stranger = clientOf(chat, server.webSocketUrl, "session=nobody");
      try {
        for (const client of [ann, bob]) client.connect();
        const lobby = subscribe(bob, "chat:lobby", chat, cookies.bob);
        const attic = subscribe(bob, "chat:attic", chat, cookies.bob);
        const refused = new Promise((resolve) => attic.on("unsubscribed", resolve));
        const message = new Promise((resolve) => lobby.on("publication", ({ data }) => resolve(data)));
        await Promise.all([ann.ready(5_000), lobby.ready(5_000)]);
        await ann.publish("chat:lobby", { text: " hi " });
        expect(await message).toMatchObject({ from: "ann", text: expect.stringContaining("hi") });
        expect(await refused).toMatchObject({ code: chat.config.client.proxy === undefined ? 1 : 404 });
        await expect(ann.publish("chat:lobby", { text: 5 })).rejects.toMatchObject({
          ...{ code: 400, message: "a message has a text" },
        });
        const turnedAway = new Promise((resolve) => stranger.on("disconnected", resolve));
        stranger.connect();
        expect(await turnedAway).toMatchObject({ code: chat.config.client.proxy === undefined ? 1 : 403 });
      } finally {
        for (const client of [ann, bob, stranger]) client.disconnect();
      }
    });
  },
);
