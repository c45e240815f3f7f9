// Connects a user to Centrifugo the way a browser does: with the official client `centrifuge`, over the WebSocket that
// Node.js has since version 22. The defaults fit the config.json of the README's quick start.
import { createHmac } from "node:crypto";
import type { ConnectedContext } from "centrifuge";
import { Centrifuge } from "centrifuge";

const { CENT_WEBSOCKET_URL = "ws://localhost:8000/connection/websocket", CENT_TOKEN_SECRET = "secret" } =
  process.env;

/** A connected client of a user. `using` disconnects it at the end of the block. */
export type ConnectedUser = Centrifuge & Disposable & { readonly clientId: string };

/** Connects a client of a user, within five seconds. */
export async function connectUser(user: string): Promise<ConnectedUser> {
  const centrifuge = new Centrifuge(CENT_WEBSOCKET_URL, { token: signToken(user) });
  const connected = new Promise<ConnectedContext>((resolve) => centrifuge.once("connected", resolve));
  centrifuge.connect();
  await centrifuge.ready(5_000);
  const { client: clientId } = await connected;
  return Object.assign(centrifuge, { clientId, [Symbol.dispose]: () => centrifuge.disconnect() });
}

/** A connection token (JWT, HS256). In an application the backend signs it for a user who is signed in. */
function signToken(user: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256" })}.${encode({ sub: user })}`;
  return `${signed}.${createHmac("sha256", CENT_TOKEN_SECRET).update(signed).digest("base64url")}`;
}
