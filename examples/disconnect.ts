// A user signs in on a second device, and the backend disconnects all the user's clients but the new one. The clients are
// centrifugal's own, `centrifuge`, over WebSockets (see connect-user.ts).
import { randomUUID } from "node:crypto";
import type { DisconnectedContext } from "centrifuge";
import { configFromEnv, createClient } from "tscent";
import { connectUser } from "./connect-user.ts";

await using cent = createClient(
  configFromEnv({ CENT_URL: "http://localhost:8000/api", CENT_API_KEY: "api_key", ...process.env }),
);
const user = `ann-${randomUUID()}`;
using laptop = await connectUser(user);
using phone = await connectUser(user);
const disconnected = new Promise<DisconnectedContext>((resolve) => laptop.once("disconnected", resolve));

// A client connects again after a code from 4000 to 4499, and stays away after a code from 4500 to 4999.
await cent.disconnect({
  user,
  whitelist: [phone.clientId],
  disconnect: { code: 4500, reason: "signed in elsewhere" },
});
const { code, reason } = await disconnected;
console.log("laptop:", code, reason);
console.log("phone:", phone.state);
