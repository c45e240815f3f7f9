// The backend subscribes a connected user to a channel, publishes there, and unsubscribes the user. The user's client is
// centrifugal's own, `centrifuge`, over a WebSocket (see connect-user.ts).
import { randomUUID } from "node:crypto";
import type { PublicationContext } from "centrifuge";
import { configFromEnv, createClient } from "tscent";
import { connectUser } from "./connect-user.ts";

await using cent = createClient(
  configFromEnv({ CENT_URL: "http://localhost:8000/api", CENT_API_KEY: "api_key", ...process.env }),
);
const [user, channel] = [`ann-${randomUUID()}`, `orders-${randomUUID()}`];
using ann = await connectUser(user);

const subscribed = new Promise((resolve) => ann.once("subscribed", resolve));
const received = new Promise<PublicationContext>((resolve) => ann.once("publication", resolve));
const unsubscribed = new Promise((resolve) => ann.once("unsubscribed", resolve));

await cent.subscribe({ user, channel });
await subscribed;
console.log("subscribed");

await cent.publish({ channel, data: { order: 17, state: "shipped" } });
const { data, offset } = await received;
console.log("received", data, "at offset", offset);

await cent.unsubscribe({ user, channel });
await unsubscribed;
console.log("unsubscribed");

await cent.historyRemove({ channel });
