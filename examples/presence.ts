// Two users subscribe to a channel, and the backend asks for the clients and users in it. The users' clients are
// centrifugal's own, `centrifuge`, over WebSockets (see connect-user.ts).
import { randomUUID } from "node:crypto";
import { configFromEnv, createClient } from "tscent";
import { connectUser } from "./connect-user.ts";

await using cent = createClient(
  configFromEnv({ CENT_URL: "http://localhost:8000/api", CENT_API_KEY: "api_key", ...process.env }),
);
const channel = `room-${randomUUID()}`;
using ann = await connectUser("ann");
using bob = await connectUser("bob");

for (const client of [ann, bob]) {
  const subscription = client.newSubscription(channel);
  subscription.subscribe();
  await subscription.ready(5_000);
}

// The keys are the ids of the clients: a user with two tabs has two.
const { presence } = await cent.presence({ channel });
const users = Object.values(presence).map((client) => client.user);
console.log("present:", users.sort().join(", "));
console.log("counted:", await cent.presenceStats({ channel }));

await cent.unsubscribe({ user: "bob", channel });
console.log("without bob:", await cent.presenceStats({ channel }));
