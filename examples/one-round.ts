// One round of a backend, for demo.ts: a token lets a user in, the proxy decides what she may do, and the API reaches her.
import { createClient } from "tscent";
import { createProxy, deny } from "tscent/proxy";
import type { ProxyTransport } from "tscent/testing";
import { RefusedError, startTestServer } from "tscent/testing";
import { createTokens } from "tscent/token";

const tokens = createTokens({ hmac: "a-secret-of-at-least-32-characters" });
const proxy = createProxy({
  secret: "the-secret-of-the-proxy",
  subscribe: {
    "chat:*": ({ user, channel }) =>
      channel === "chat:1" ? { data: `welcome, ${user}` } : deny("no such room"),
  },
  rpc: { "chat.rename": ({ user, data }) => ({ data: { user, renamed: data } }) },
});

/** Plays the round on an embedded server that asks the proxy over a transport, and tells what the user saw. */
export async function oneRound(proxyTransport: ProxyTransport): Promise<object> {
  await using server = await startTestServer({ proxy, proxyTransport, tokens });
  await using cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
  const ann = await server.connect({ token: await tokens.connection({ user: "ann", expiresIn: "1h" }) });
  const subscribed = await ann.subscribe("chat:1");
  const refused = await ann.subscribe("chat:2").catch((error: unknown) => {
    if (!(error instanceof RefusedError)) throw error;
    return `${error.code}: ${error.message}`;
  });
  await cent.publish({ channel: "chat:1", data: { text: "hello" } });
  const received = await ann.next("publication");
  const answered = await ann.rpc("chat.rename", { to: "garden" });
  return {
    connected: ann.user,
    subscribed: subscribed.data,
    refused,
    received: received.data,
    answered: answered.data,
  };
}
