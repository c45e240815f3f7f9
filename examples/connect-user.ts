// Connects a user to Centrifugo the way a browser does: with the official client `centrifuge`, over the WebSocket that
// Node.js has since version 22. The defaults fit the config.json of the README's quick start.
import type { ConnectedContext } from "centrifuge";
import { Centrifuge } from "centrifuge";
import { createTokens } from "tscent/token";

const {
  CENT_WEBSOCKET_URL = "ws://localhost:8000/connection/websocket",
  CENT_TOKEN_SECRET = "a-secret-of-at-least-32-characters",
} = process.env;
// In an application the backend makes the token, for a user who is signed in.
const tokens = createTokens({ hmac: CENT_TOKEN_SECRET });

/** A connected client of a user. `using` disconnects it at the end of the block. */
export type ConnectedUser = Centrifuge & Disposable & { readonly clientId: string };

/** Connects a client of a user, within five seconds. */
export async function connectUser(user: string): Promise<ConnectedUser> {
  const token = await tokens.connection({ user, expiresIn: "1h" });
  const centrifuge = new Centrifuge(CENT_WEBSOCKET_URL, { token });
  const connected = new Promise<ConnectedContext>((resolve) => centrifuge.once("connected", resolve));
  centrifuge.connect();
  await centrifuge.ready(5_000);
  const { client: clientId } = await connected;
  return Object.assign(centrifuge, { clientId, [Symbol.dispose]: () => centrifuge.disconnect() });
}
